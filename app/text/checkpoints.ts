/** What the lab says of checkpoints and adapters that it cannot open. */

export const checkpointWords = {
  oddTensor: (name: string, shape: string) => `expected tensors of an even number of weights, but one before ${name} [${shape}] has an odd number`,
  noDiskToConvert: (folder: string, needed: number, free: number) =>
    `${folder}: expected ${needed} MB of free disk for the converted weights, found ${free} MB`,
  ggufMixture: (path: string) => `${path}: expected a dense model, got a mixture of experts`,
  ggufNoEmbedding: (path: string) => `${path}: expected a tensor token_embd.weight, found none`,
  ggufRope: (path: string, factors: string) =>
    `${path}: expected plain rotary positions or those of Llama 3.1, got other factors (${factors}), whose rule a GGUF does not say; use the checkpoint's Hugging Face folder`,
  ggufNumber: (path: string, key: string, found: string | undefined) => `${path}: expected a number for ${key}, got ${found ?? "nothing"}`,
  noGguf: (path: string) => `${path}: expected a GGUF file, found none`,
  ggufHeaderCut: (path: string, header: number, size: number) =>
    `${path}: expected a GGUF header of ${header} bytes, the file has ${size}: it was cut short`,
  ggufBigEndian: (path: string) => `${path}: expected a little-endian GGUF file, got a big-endian one`,
  ggufParts: (path: string, parts: number) =>
    `${path}: expected a GGUF in one file, got one of ${parts} parts; join them with llama-gguf-split --merge`,
  ggufType: (path: string, known: string, type: number, name: string) => `${path}: expected weights as ${known}, got GGUF type ${type} for ${name}`,
  ggufRows: (path: string, multiple: number, name: string, format: string, got: number) =>
    `${path}: expected rows of a multiple of ${multiple} weights for ${name} in ${format}, got ${got}`,
  cutShort: (path: string, name: string, end: number, size: number) =>
    `${path}: ${name} ends at byte ${end}, but the file has ${size}: it was cut short`,
  ggufHeader: (path: string, reason: string) => `${path}: expected a GGUF file, could not read its header (${reason})`,
  tokenTypes: (path: string, expected: number, found: number | null) => `${path}: expected ${expected} token types, got ${found ?? "none"}`,
  ggufTokenizer: (path: string, found: string) =>
    `${path}: expected a byte-level BPE or SentencePiece tokenizer (tokenizer.ggml.model gpt2 or llama), got ${found}; use the checkpoint's Hugging Face folder`,
  ggufPreTokenizer: (path: string, known: string, found: string) =>
    `${path}: expected a pre-tokenizer ${known}, got ${found}; use the checkpoint's Hugging Face folder`,
  tokenScores: (path: string, expected: number, found: number | null) => `${path}: expected ${expected} scores of tokens, got ${found ?? "none"}`,
  ggufTexts: (path: string, key: string, found: string) => `${path}: expected a list of texts for ${key}, got ${found}`,
  notInFile: (index: string, tensor: string, file: string) => `${index}: expected ${tensor} in ${file}, found none there`,
  /** The first names of a long list. */
  firstOf: (names: readonly string[], more: number) => `${names.join(", ")} and ${more} more`,
  noCheckpoint: (folder: string, found: string) =>
    `${folder}: expected a checkpoint (config.json with model.safetensors, or a GGUF file), found ${found}`,
  unreadableText: (path: string) => `${path}: expected a text file that can be read`,
  notJsonReason: "not JSON",
  notJson: (path: string, characters: number, reason: string) => `${path}: expected JSON, got ${characters} characters that are none (${reason})`,
  isAdapter: (folder: string, weights: string) =>
    `${folder}: expected a whole checkpoint (${weights}), found an adapter; name the checkpoint it was trained on`,
  isPickled: (folder: string, weights: string) =>
    `${folder}: expected ${weights}, found weights as pickled Python, which can run code; save them as safetensors`,
  noWeights: (folder: string, weights: string, index: string, found: string) => `${folder}: expected ${weights} or ${index}, found ${found}`,
  noWeightMap: (path: string) => `${path}: expected a weight_map, found none`,
  notAFileName: (path: string, tensor: string, found: string) => `${path}: expected a file name for ${tensor}, got ${found}`,
  weightFileMissing: (folder: string, name: string) => `${folder}: expected the weight file ${name}, found none`,
  weightType: (where: string, known: string, type: string, name: string) => `${where}: expected weights as ${known}, got ${type} for ${name}`,
  tensorBytes: (where: string, expected: number, name: string, found: number) =>
    `${where}: expected ${expected} bytes for ${name}, its header says ${found}`,
  nothingThere: (path: string) => `${path}: expected a checkpoint folder or a GGUF file, found nothing`,
  oneWeightFile: (path: string) => `${path}: expected a checkpoint folder or a GGUF file, got one weight file; name its folder`,
  severalGguf: (path: string, count: number) => `${path}: expected one GGUF file, found ${count}; name the one you mean`,
  changed: (path: string, expected: string, found: string) =>
    `${path}: expected the checkpoint ${expected}, found other content (${found}): it was changed or replaced`,
  targetModules: (path: string, known: string, found: string) => `${path}: expected target modules among ${known}, got ${found}`,
  adapterConfig: (path: string, field: string, problem: string | undefined) => `${path}: ${field}: ${problem ?? "not an adapter's configuration"}`,
  adapterTargets: (found: string) => `expected a list of module names, got ${found}`,
  adapterStart: (known: string, found: string) =>
    `expected a start that leaves the base as it is (${known}), got ${found}; PEFT's save_pretrained makes a plain adapter of it, with path_initial_model_for_weight_conversion`,
  adapterNotJson: (path: string, wasRead: boolean) =>
    `${path}: expected an adapter's configuration in JSON, ${wasRead ? "got something else" : "could not read it"}`,
  oddScales: (name: string) => `expected an even number of scales before ${name}: this model cannot be sampled in 8 bits`,
  notSafetensors: (path: string, bytes: number) => `${path}: expected a safetensors file, got ${bytes} bytes`,
  safetensorsHeader: (path: string, most: number, found: number) =>
    `${path}: expected a safetensors header of at most ${most} bytes, got one of ${found}: not a safetensors file, or cut short`,
  tensorEntry: (path: string, name: string, found: string) => `${path}: expected dtype, shape and data_offsets for ${name}, got ${found}`,
  headerNotJson: (path: string) => `${path}: expected a safetensors header in JSON, got something else`,
  headerIs: (path: string, found: string) => `${path}: expected a safetensors header, got ${found}`,
  cannotOpen: (path: string, isMissing: boolean) => `${path}: expected a file that can be read, ${isMissing ? "found none" : "could not open it"}`,
  endsBefore: (path: string, bytes: number, offset: number, missing: number) =>
    `${path}: expected ${bytes} bytes at ${offset}, the file ends ${missing} before: it was cut short`,
};
