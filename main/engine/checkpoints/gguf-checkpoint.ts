/** A GGUF file in Hugging Face's terms: configuration, tensor names, row order. */
import { realpath } from "node:fs/promises";
import { ConfigError, DataError } from "#app/base/errors.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { Family, GgufNumbers } from "#app/models/family.ts";
import { familyOfGguf } from "#app/models/families.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import type { CheckpointSource, StoredTensor } from "./checkpoint-source.ts";
import { type GgufFile, readGguf } from "./gguf-file.ts";
import { huggingFaceNames, interleavedHeadsOf, isNorm, ROPE_FACTORS } from "./gguf-names.ts";
import { tokenizerFilesOf } from "./gguf-tokenizer.ts";
import { scalingOfFactors } from "./rope-factors.ts";
import { openToRead, readExactly } from "./safetensors.ts";

/** Throws ConfigError for another architecture, DataError for a file that cannot be read. `namedPath` is what the user named. */
export async function readGgufCheckpoint(path: string, namedPath: string): Promise<CheckpointSource> {
  const file = await readGguf(path);
  const real = await realpath(path);
  const architecture = file.metadata.get("general.architecture");
  const family = familyOfGguf(typeof architecture === "string" ? architecture : "none", path);
  const config = await configOf(path, file, family);
  const parsed = family.parse(config, path);
  const nameOf = huggingFaceNames(family);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, format, offset, length } of file.tensors) {
    const known = nameOf(name);
    if (known === undefined) continue;
    const interleavedHeads = interleavedHeadsOf(family, known, parsed);
    tensors.set(known, { path: real, offset, length, shape, format, interleavedHeads, storedOffset: parsed.hasOffsetNorms && isNorm(known) ? 1 : 0 });
  }
  const { sizeBytes, modifiedAtMs, headerBytes } = file;
  return {
    path: namedPath,
    configPlace: path,
    config,
    isTextPart: false,
    tokenizerFiles: { ...tokenizerFilesOf(path, file.metadata), modelConfig: config },
    // All of it stands in the header, which is hashed; this names the reading of it.
    descriptions: new Map([["config.json", canonicalJson(config)]]),
    weightFiles: [{ path: real, sizeBytes, modifiedAtMs, headerBytes }],
    tensors,
  };
}

/** The members of a Hugging Face config.json that this metadata determines. */
async function configOf(path: string, file: GgufFile, family: Family): Promise<Readonly<Record<string, unknown>>> {
  const { metadata, tensors } = file;
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const numbers = numbersOf(path, metadata);
  if ((numbers.optionalNumber("expert_count") ?? 0) > 0) throw new ConfigError(checkpointWords.ggufMixture(path), { path });
  const heads = numbers.number("attention.head_count");
  const hidden = numbers.number("embedding_length");
  const vocabulary = named.get("token_embd.weight")?.shape[0];
  if (vocabulary === undefined) throw new DataError(checkpointWords.ggufNoEmbedding(path), { path });
  const headSize = numbers.optionalNumber("attention.key_length") ?? numbers.optionalNumber("rope.dimension_count") ?? hidden / heads;
  const layerCount = numbers.number("block_count");
  const config = {
    architectures: [family.architecture],
    model_type: family.modelType,
    ...(family.gguf.configFields === undefined ? { hidden_act: "silu" } : family.gguf.configFields(numbers, { layerCount, headSize })),
    hidden_size: hidden,
    intermediate_size: numbers.number("feed_forward_length"),
    num_hidden_layers: layerCount,
    num_attention_heads: heads,
    num_key_value_heads: numbers.optionalNumber("attention.head_count_kv") ?? heads,
    head_dim: headSize,
    max_position_embeddings: numbers.number("context_length"),
    rms_norm_eps: numbers.number("attention.layer_norm_rms_epsilon"),
    rope_theta: numbers.optionalNumber("rope.freq_base") ?? 10_000,
    rope_scaling: ropeScaling(numbers),
    vocab_size: vocabulary,
    tie_word_embeddings: !named.has("output.weight"),
    attention_bias: named.has("blk.0.attn_q.bias"),
    mlp_bias: named.has("blk.0.ffn_up.bias"),
    bos_token_id: idOf(metadata, "tokenizer.ggml.bos_token_id"),
    eos_token_id: idOf(metadata, "tokenizer.ggml.eos_token_id"),
    pad_token_id: idOf(metadata, "tokenizer.ggml.padding_token_id"),
    torch_dtype: "float32",
  };
  const factors = named.get(ROPE_FACTORS);
  return factors === undefined ? config : { ...config, rope_scaling: await llama3Scaling(path, family, config, factors) };
}

/** The scaling that the file's factors stand for. Throws ConfigError where no published one gives them. */
async function llama3Scaling(path: string, family: Family, config: unknown, tensor: GgufFile["tensors"][number]): Promise<unknown> {
  const file = await openToRead(path);
  try {
    const factors = new Float32Array((tensor.length / tensor.format.blockBytes) * tensor.format.blockWeights);
    tensor.format.decode(await readExactly(file, path, tensor.offset, tensor.length), factors);
    const scaling = scalingOfFactors(family.parse(config, path), factors);
    if (scaling !== undefined) {
      const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = scaling;
      return {
        rope_type: "llama3",
        factor,
        low_freq_factor: lowFreqFactor,
        high_freq_factor: highFreqFactor,
        original_max_position_embeddings: originalMaxPositions,
      };
    }
  } finally {
    await file.close();
  }
  throw new ConfigError(checkpointWords.ggufRope(path, ROPE_FACTORS), { path });
}

/** As llama.cpp reads it: linear where no kind is said, the factor under its new name or its old one, 0 for none. */
function ropeScaling(numbers: GgufNumbers): { readonly rope_type: string; readonly factor: number } | null {
  const kind = numbers.optionalText("rope.scaling.type");
  const stored = numbers.optionalNumber("rope.scaling.factor") ?? numbers.optionalNumber("rope.scale_linear") ?? 0;
  const factor = stored === 0 ? 1 : stored;
  if (kind === "none" || (kind === undefined && factor === 1)) return null;
  return { rope_type: kind ?? "linear", factor };
}

/** The metadata below the architecture's name. */
function numbersOf(path: string, metadata: ReadonlyMap<string, unknown>): GgufNumbers {
  const prefix = String(metadata.get("general.architecture"));
  const optionalNumber = (key: string): number | undefined => {
    const value = numberIn(metadata, `${prefix}.${key}`);
    return value === undefined || Number.isInteger(value) ? value : shortFloat(value);
  };
  return {
    optionalNumber,
    number: (key) => {
      const value = optionalNumber(key);
      if (value !== undefined) return value;
      const found = metadata.get(`${prefix}.${key}`);
      throw new ConfigError(checkpointWords.ggufNumber(path, `${prefix}.${key}`, found === undefined ? undefined : typeof found), { path, key });
    },
    optionalText: (key) => {
      const value = metadata.get(`${prefix}.${key}`);
      return typeof value === "string" ? value : undefined;
    },
    optionalFlag: (key) => {
      const value = metadata.get(`${prefix}.${key}`);
      return typeof value === "boolean" ? value : undefined;
    },
  };
}

function numberIn(metadata: ReadonlyMap<string, unknown>, key: string): number | undefined {
  const value = metadata.get(key);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

function idOf(metadata: ReadonlyMap<string, unknown>, key: string): number | null {
  const id = numberIn(metadata, key);
  return id === undefined || id < 0 ? null : id;
}

/** The shortest decimal that is the same float32: 0.00001 where the file's float32 reads 0.000009999999747378752. */
function shortFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
