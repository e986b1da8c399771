/** Spells two pre-tokenizers as regular expressions, so that JavaScript splits text where Hugging Face's own library does. */

/** GPT-2's pieces: contractions, then letters, digits or other signs with at most one space before, then white space. */
const GPT2_PIECES = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * tokenizer.json with other words for the same rules. The JavaScript library's own "Digits" knows only 0 to 9 where the
 * format means every numeral, and its "ByteLevel" takes JavaScript's \s, which has U+FEFF and lacks U+0085; in a "Split"
 * it translates patterns as the format means them.
 */
export function withUnicodeSplits(tokenizerJson: object): object {
  return "pre_tokenizer" in tokenizerJson ? { ...tokenizerJson, pre_tokenizer: rewritten(tokenizerJson.pre_tokenizer) } : tokenizerJson;
}

function rewritten(step: unknown): unknown {
  if (typeof step !== "object" || step === null || !("type" in step)) return step;
  if (step.type === "Sequence" && "pretokenizers" in step && Array.isArray(step.pretokenizers))
    return { ...step, pretokenizers: step.pretokenizers.map(rewritten) };
  if (step.type === "Digits")
    return isolated("individual_digits" in step && step.individual_digits === true ? String.raw`\p{N}` : String.raw`\p{N}+`);
  // A space before the text must be put there before it is split: only the library's own step can do that.
  const isPlain = !("add_prefix_space" in step && step.add_prefix_space === true) && !("use_regex" in step && step.use_regex === false);
  if (step.type === "ByteLevel" && isPlain) return { type: "Sequence", pretokenizers: [isolated(GPT2_PIECES), { ...step, use_regex: false }] };
  return step;
}

function isolated(regex: string): unknown {
  return { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false };
}
