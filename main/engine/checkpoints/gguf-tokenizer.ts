/** A GGUF file's tokenizer in the form of tokenizer.json and tokenizer_config.json. */
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import { ConfigError, DataError } from "#app/base/errors.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import { PRE_TOKENIZERS } from "./gguf-pre-tokenizers.ts";
import { mergesFromScores, spmParts } from "./gguf-spm.ts";

/** llama.cpp's token types. */
export const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

type Metadata = ReadonlyMap<string, unknown>;

/** A vocabulary with its types, by id. */
type Vocabulary = { readonly tokens: readonly string[]; readonly types: readonly unknown[] };

/** Throws ConfigError for a kind of tokenizer that the lab does not read, DataError for lists that do not fit together. */
export function tokenizerFilesOf(path: string, metadata: Metadata): TokenizerFiles {
  const vocabulary = vocabularyOf(path, metadata);
  const { tokens } = vocabulary;
  const tokenOf = (key: string): string | undefined => {
    const id = metadata.get(key);
    return typeof id === "number" ? tokens[id] : undefined;
  };
  const chatTemplate = metadata.get("tokenizer.chat_template");
  const [bos, eos, pad] = ["tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id", "tokenizer.ggml.padding_token_id"].map(tokenOf);
  const ends = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"].map((key) => metadata.get(key)).filter((id) => typeof id === "number");
  return {
    tokenizerJson: { version: "1.0", added_tokens: addedTokens(vocabulary), post_processor: null, ...tokenizerOf(path, metadata, vocabulary) },
    tokenizerConfig: {
      ...(bos === undefined ? {} : { bos_token: bos }),
      ...(eos === undefined ? {} : { eos_token: eos }),
      ...(pad === undefined ? {} : { pad_token: pad }),
      add_bos_token: (metadata.get("tokenizer.ggml.add_bos_token") ?? addsBosUnsaid(metadata)) === true,
      clean_up_tokenization_spaces: false,
    },
    ...(typeof chatTemplate === "string" ? { chatTemplate } : {}),
    generationConfig: { eos_token_id: ends },
  };
}

/** llama.cpp's own defaults: a BOS for SentencePiece vocabularies, and for byte-level ones whose words are split as Llama 3's. */
function addsBosUnsaid(metadata: Metadata): boolean {
  if (metadata.get("tokenizer.ggml.model") === "llama") return true;
  const pre = metadata.get("tokenizer.ggml.pre");
  return typeof pre === "string" && PRE_TOKENIZERS.get(pre)?.addsBos === true;
}

function vocabularyOf(path: string, metadata: Metadata): Vocabulary {
  const tokens = textList(path, metadata, "tokenizer.ggml.tokens");
  const types = metadata.get("tokenizer.ggml.token_type");
  if (!Array.isArray(types) || types.length !== tokens.length)
    throw new DataError(checkpointWords.tokenTypes(path, tokens.length, Array.isArray(types) ? types.length : null), { path });
  return { tokens, types };
}

function addedTokens({ tokens, types }: Vocabulary): readonly unknown[] {
  return tokens.flatMap((content, id) => {
    const type = types[id];
    const isSpecial = type === TOKEN_TYPES.control;
    return isSpecial || type === TOKEN_TYPES.userDefined
      ? [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: isSpecial }]
      : [];
  });
}

function tokenizerOf(path: string, metadata: Metadata, vocabulary: Vocabulary): Readonly<Record<string, unknown>> {
  const model = metadata.get("tokenizer.ggml.model");
  if (model === "gpt2") return byteLevelTokenizer(path, metadata, vocabulary);
  if (model === "llama") return sentencePieceTokenizer(path, metadata, vocabulary);
  throw new ConfigError(checkpointWords.ggufTokenizer(path, typeof model === "string" ? model : typeof model), { path });
}

function byteLevelTokenizer(path: string, metadata: Metadata, { tokens }: Vocabulary): Readonly<Record<string, unknown>> {
  const pre = metadata.get("tokenizer.ggml.pre") ?? "gpt-2";
  const known = typeof pre === "string" ? PRE_TOKENIZERS.get(pre) : undefined;
  if (known === undefined) {
    throw new ConfigError(checkpointWords.ggufPreTokenizer(path, [...PRE_TOKENIZERS.keys()].join(", "), typeof pre === "string" ? pre : typeof pre), {
      path,
    });
  }
  return {
    normalizer: known.normalizer,
    pre_tokenizer: known.preTokenizer,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    // No unknown token: bytes that the vocabulary lacks are left out, as llama.cpp does.
    model: {
      type: "BPE",
      unk_token: null,
      byte_fallback: false,
      ignore_merges: known.ignoresMerges,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: textList(path, metadata, "tokenizer.ggml.merges"),
    },
  };
}

function sentencePieceTokenizer(path: string, metadata: Metadata, { tokens, types }: Vocabulary): Readonly<Record<string, unknown>> {
  const scores: unknown = metadata.get("tokenizer.ggml.scores");
  if (!Array.isArray(scores) || scores.length !== tokens.length || !scores.every((score) => typeof score === "number"))
    throw new DataError(checkpointWords.tokenScores(path, tokens.length, Array.isArray(scores) ? scores.length : null), { path });
  const unknown = tokens[types.indexOf(TOKEN_TYPES.unknown)];
  return {
    ...spmParts(metadata.get("tokenizer.ggml.add_space_prefix") !== false),
    pre_tokenizer: null,
    model: {
      type: "BPE",
      unk_token: unknown ?? null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesFromScores(tokens, scores, (id) => types[id] === TOKEN_TYPES.normal),
    },
  };
}

function textList(path: string, metadata: Metadata, key: string): readonly string[] {
  const list = metadata.get(key);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string"))
    throw new DataError(checkpointWords.ggufTexts(path, key, typeof list), { path, key });
  return list;
}
