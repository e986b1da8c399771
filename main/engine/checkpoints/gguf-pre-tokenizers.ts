/** llama.cpp's names of pre-tokenizers, and what each is in a tokenizer.json. */
import { canonicalJson } from "#app/base/json.ts";

const BYTE_LEVEL_SPLITS = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true } as const;
const BYTE_LEVEL_ALONE = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false } as const;

/** Words, up to `digits` numerals at a time, signs and white space. */
function splits(digits: string): string {
  return `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
}

function splitting(pattern: string): unknown {
  return { type: "Sequence", pretokenizers: [{ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false }, BYTE_LEVEL_ALONE] };
}

export type PreTokenizer = {
  readonly preTokenizer: unknown;
  readonly normalizer: unknown;
  /** Words that are in the vocabulary whole are taken whole. */
  readonly ignoresMerges: boolean;
  /** llama.cpp begins texts with the BOS where a file does not say it. */
  readonly addsBos: boolean;
};

const DIGITS_APART: PreTokenizer = {
  preTokenizer: { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, BYTE_LEVEL_SPLITS] },
  normalizer: null,
  ignoresMerges: false,
  addsBos: false,
};

/** By the value of tokenizer.ggml.pre; a name that is not here is refused rather than guessed. */
export const PRE_TOKENIZERS: ReadonlyMap<string, PreTokenizer> = new Map<string, PreTokenizer>([
  ["gpt-2", { preTokenizer: BYTE_LEVEL_SPLITS, normalizer: null, ignoresMerges: false, addsBos: false }],
  ["smollm", DIGITS_APART],
  // Granite's files; llama.cpp splits both alike.
  ["refact", DIGITS_APART],
  ["llama-bpe", { preTokenizer: splitting(splits("\\p{N}{1,3}")), normalizer: null, ignoresMerges: true, addsBos: true }],
  ["smaug-bpe", { preTokenizer: splitting(splits("\\p{N}{1,3}")), normalizer: null, ignoresMerges: false, addsBos: false }],
  ["qwen2", { preTokenizer: splitting(splits("\\p{N}")), normalizer: { type: "NFC" }, ignoresMerges: false, addsBos: false }],
]);

/** The name for what a tokenizer.json has, the first of several; undefined if llama.cpp has none that is here. */
export function preTokenizerName(preTokenizer: unknown, ignoresMerges: boolean): string | undefined {
  const wanted = comparable(preTokenizer);
  const same = [...PRE_TOKENIZERS].filter(([, known]) => comparable(known.preTokenizer) === wanted);
  return (same.find(([, known]) => known.ignoresMerges === ignoresMerges) ?? same[0])?.[0];
}

/** Without what does not change the pieces: offsets are not used here. */
function comparable(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === "trim_offsets" ? undefined : member))));
}
