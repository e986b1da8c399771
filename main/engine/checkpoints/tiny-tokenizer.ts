/** The tiny model's tokenizer: byte-level BPE over all bytes, a few merges, and two tokens for turns. */
import { byteLevelTokenizer, byteLevelTokenizerConfig, type Merge, vocabularyOf } from "./byte-level-tokenizer.ts";

export const TURN_START = "<|im_start|>";
export const TURN_END = "<|im_end|>";

/** Pairs that are joined, in this order; both halves are tokens themselves, as Transformers requires. */
const MERGES: readonly Merge[] = [
  ["t", "h"],
  ["i", "n"],
  ["e", "r"],
  ["a", "n"],
  ["o", "n"],
  ["Ġ", "a"],
  ["Ġ", "t"],
  ["Ġ", "s"],
  ["th", "e"],
  ["Ġ", "the"],
  ["an", "d"],
  ["in", "g"],
  ["Ġ", "w"],
  ["o", "u"],
  ["i", "s"],
  ["Ġs", "t"],
];

/** Token texts by id. */
export const TINY_VOCABULARY = vocabularyOf(MERGES, [TURN_START, TURN_END]);

/** The turns of a conversation between their tokens, then the start of the assistant's. */
export const TINY_CHAT_TEMPLATE = `{% for message in messages %}${TURN_START}{{ message.role }}\n{{ message.content }}${TURN_END}\n{% endfor %}{% if add_generation_prompt %}${TURN_START}assistant\n{% endif %}`;

/** tokenizer.json */
export function tinyTokenizer(): unknown {
  return byteLevelTokenizer(MERGES, [TURN_START, TURN_END]);
}

/** tokenizer_config.json */
export function tinyTokenizerConfig(maxPositions: number): unknown {
  return byteLevelTokenizerConfig({ special: [TURN_START, TURN_END], end: TURN_END, maxPositions, chatTemplate: TINY_CHAT_TEMPLATE });
}
