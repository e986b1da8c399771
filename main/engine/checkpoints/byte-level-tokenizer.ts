/** A byte-level BPE tokenizer as the files that Transformers and the lab read. */

export type Merge = readonly [left: string, right: string];

/** Byte-level BPE writes each byte as a visible character: printable ones as themselves, the others from U+0100 on. */
export function byteCharacters(): readonly string[] {
  const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

/** Token texts by id: all bytes, what the merges make, the special tokens. */
export function vocabularyOf(merges: readonly Merge[], special: readonly string[]): readonly string[] {
  return [...byteCharacters(), ...merges.map(([left, right]) => left + right), ...special];
}

/** tokenizer.json; both halves of each merge must be tokens themselves, as Transformers requires. */
export function byteLevelTokenizer(merges: readonly Merge[], special: readonly string[]): unknown {
  const vocabulary = vocabularyOf(merges, special);
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: vocabulary.indexOf(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
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
      vocab: Object.fromEntries(vocabulary.slice(0, vocabulary.length - special.length).map((token, id) => [token, id])),
      merges,
    },
  };
}

/** tokenizer_config.json of such a tokenizer. */
export function byteLevelTokenizerConfig(options: {
  readonly special: readonly string[];
  readonly end: string;
  readonly maxPositions: number;
  readonly chatTemplate: string;
}): unknown {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: options.end,
    pad_token: options.end,
    clean_up_tokenization_spaces: false,
    additional_special_tokens: options.special,
    model_max_length: options.maxPositions,
    chat_template: options.chatTemplate,
  };
}
