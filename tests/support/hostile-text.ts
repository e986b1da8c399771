/** Texts that break what was not made with care: quotes, line ends, formulas, markup, half-open JSON, odd Unicode. */
import { fc } from "#tests/support/properties.ts";

const PIECES = [
  '"',
  '""',
  "'",
  ",",
  ";",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "\\",
  "\\u0000",
  "\u0000",
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "＝1",
  "'=1",
  "''-",
  "{",
  "[",
  "]}",
  '[{"role": "user", "content": "x"}]',
  "null",
  "---",
  "<script>",
  "| a |",
  "`",
  "\u2028",
  "\uFEFF",
  "é",
  "e\u0301",
  "日本",
  "😀",
  "\n\nHuman: ",
  "\n\nAssistant: ",
  "#",
  " ",
] as const;

/** Well formed: a lone surrogate has no form in UTF-8. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
);
