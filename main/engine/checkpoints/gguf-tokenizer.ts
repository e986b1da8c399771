/** A GGUF file's tokenizer in the form of tokenizer.json and tokenizer_config.json. */
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import { ConfigError, DataError } from "#app/base/errors.ts";

/** llama.cpp's token types that are split off before the text is tokenized. */
const CONTROL = 3;
const USER_DEFINED = 4;

const BYTE_LEVEL = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true } as const;

/** What llama.cpp's names of pre-tokenizers mean; a name that is not here is refused rather than guessed. */
const PRE_TOKENIZERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["gpt-2", BYTE_LEVEL],
  ["smollm", { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, BYTE_LEVEL] }],
]);

/** Throws ConfigError for a kind of tokenizer that the lab does not read, DataError for lists that do not fit together. */
export function tokenizerFilesOf(path: string, metadata: ReadonlyMap<string, unknown>): TokenizerFiles {
  const model = metadata.get("tokenizer.ggml.model");
  if (model !== "gpt2")
    throw new ConfigError(
      `${path}: expected a byte-level BPE tokenizer (tokenizer.ggml.model gpt2), got ${typeof model === "string" ? model : typeof model}; use the checkpoint's Hugging Face folder`,
      { path },
    );
  const pre = metadata.get("tokenizer.ggml.pre") ?? "gpt-2";
  const preTokenizer = typeof pre === "string" ? PRE_TOKENIZERS.get(pre) : undefined;
  if (preTokenizer === undefined) {
    throw new ConfigError(
      `${path}: expected a pre-tokenizer ${[...PRE_TOKENIZERS.keys()].join(" or ")}, got ${typeof pre === "string" ? pre : typeof pre}; use the checkpoint's Hugging Face folder`,
      { path },
    );
  }
  const tokens = textList(path, metadata, "tokenizer.ggml.tokens");
  const merges = textList(path, metadata, "tokenizer.ggml.merges");
  const types = metadata.get("tokenizer.ggml.token_type");
  if (!Array.isArray(types) || types.length !== tokens.length)
    throw new DataError(`${path}: expected ${tokens.length} token types, got ${Array.isArray(types) ? types.length : "none"}`, { path });
  const addedTokens = tokens.flatMap((content, id) => {
    const type: unknown = types[id];
    return type === CONTROL || type === USER_DEFINED
      ? [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: type === CONTROL }]
      : [];
  });
  const tokenOf = (key: string): string | undefined => {
    const id = metadata.get(key);
    return typeof id === "number" ? tokens[id] : undefined;
  };
  const chatTemplate = metadata.get("tokenizer.chat_template");
  const [bos, eos, pad] = ["tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id", "tokenizer.ggml.padding_token_id"].map(tokenOf);
  const ends = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"].map((key) => metadata.get(key)).filter((id) => typeof id === "number");
  return {
    tokenizerJson: {
      version: "1.0",
      added_tokens: addedTokens,
      normalizer: null,
      pre_tokenizer: preTokenizer,
      post_processor: null,
      decoder: BYTE_LEVEL,
      // No unknown token: bytes that the vocabulary lacks are left out, as llama.cpp does.
      model: {
        type: "BPE",
        unk_token: null,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
    tokenizerConfig: {
      ...(bos === undefined ? {} : { bos_token: bos }),
      ...(eos === undefined ? {} : { eos_token: eos }),
      ...(pad === undefined ? {} : { pad_token: pad }),
      add_bos_token: metadata.get("tokenizer.ggml.add_bos_token") === true,
      clean_up_tokenization_spaces: false,
    },
    ...(typeof chatTemplate === "string" ? { chatTemplate } : {}),
    generationConfig: { eos_token_id: ends },
  };
}

function textList(path: string, metadata: ReadonlyMap<string, unknown>, key: string): readonly string[] {
  const list = metadata.get(key);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string"))
    throw new DataError(`${path}: expected a list of texts for ${key}, got ${typeof list}`, { path, key });
  return list;
}
