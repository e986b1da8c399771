/** The tiny model's tokenizer: byte-level BPE over all bytes, a few merges, and two tokens for turns. */

export const TURN_START = "<|im_start|>";
export const TURN_END = "<|im_end|>";

/** Pairs that are joined, in this order; both halves are tokens themselves, as Transformers requires. */
const MERGES: readonly (readonly [string, string])[] = [
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

/** Byte-level BPE writes each byte as a visible character: printable ones as themselves, the others from U+0100 on. */
function byteCharacters(): readonly string[] {
  const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

/** Token texts by id. */
export const TINY_VOCABULARY: readonly string[] = [...byteCharacters(), ...MERGES.map(([left, right]) => left + right), TURN_START, TURN_END];

/** The turns of a conversation between their tokens, then the start of the assistant's. */
export const TINY_CHAT_TEMPLATE = `{% for message in messages %}${TURN_START}{{ message.role }}\n{{ message.content }}${TURN_END}\n{% endfor %}{% if add_generation_prompt %}${TURN_START}assistant\n{% endif %}`;

/** tokenizer.json */
export function tinyTokenizer(): unknown {
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const special = [TURN_START, TURN_END].map((content) => ({
    id: TINY_VOCABULARY.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(
        TINY_VOCABULARY.filter((token) => token !== TURN_START && token !== TURN_END).map((token) => [token, TINY_VOCABULARY.indexOf(token)]),
      ),
      merges: MERGES,
    },
  };
}
