/** Whether a response has the form that its request asks for: a list of so many, a letter, or plain paragraphs. */
import { LIST_MARK, wordsOf } from "./words.ts";

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const LEAST_LINES = 3;
const COUNT_WITHIN = 4;
const COUNTS_OUT = /^\W*(?:what|which|list|name|suggest|give)\b/iu;

const WANTS_LIST =
  /^\W*(?:list|name|suggest|plan|outline|set (?:out|up))\b|^\W*(?:give|make|draw up|tell)\b.*\b(?:steps?|instructions|plan|schedule|timetable|menu|rules|ideas|names|examples|reasons|questions)\b|\b(?:steps|instructions with numbers|checklist)\b/iu;
const WANTS_LETTER = /^\W*write\b.*\b(?:letter|e-?mail|note|message|postcard|card|invitation|reminder|reference|application|congratulation)\b/iu;
/** Steps or a paragraph: both will do. */
const WANTS_EITHER = /^\W*(?:how (?:do|can|should) (?:i|we|one)\b|how does one\b|(?:tell me|explain|describe) how to\b)/iu;
const GREETING = /^\W*(?:subject:.*\n+\s*)?(?:dear|hello|hi|good (?:morning|afternoon|evening)|hey|to|welcome)\b/iu;
const CLOSING =
  /\b(?:yours|sincerely|regards|wishes|love|thanks|thank you|cheers|warmly|faithfully|hugs|see you|gratefully|respectfully)\b[^\n]*(?:\n[^\n]*){0,3}$/iu;

/**
 * From 0 to 1. A list: 1 with the number of lines that the request names (three or more where it names none), ½ for
 * another number of lines, 0 for none. A letter: ½ for a greeting, ½ for a closing. Where it asks how to do a thing, 1
 * whatever the form. Else 1 without list marks and headings, 0 with them.
 */
export function formFit(request: string, text: string): number {
  const lines = text.split("\n").filter((line) => LIST_MARK.test(line)).length;
  if (WANTS_LETTER.test(request)) return (Number(GREETING.test(text)) + Number(closesAsLetter(request, text))) / 2;
  if (WANTS_LIST.test(request) || numberNamed(request) !== undefined) return listFit(lines, numberNamed(request));
  if (WANTS_EITHER.test(request)) return 1;
  return Number(lines === 0 && !/^#/mu.test(text));
}

/** A letter that closes as letters do, with a name or without: it needs no full stop. */
export function closesAsLetter(request: string, text: string): boolean {
  return WANTS_LETTER.test(request) && CLOSING.test(text.trimEnd());
}

function listFit(lines: number, wanted: number | undefined): number {
  if (lines === 0) return 0;
  return (wanted === undefined ? lines >= LEAST_LINES : lines === wanted) ? 1 : 0.5;
}

/** The number of things that a request counts out at its beginning, as "What are five things to pack" does. */
function numberNamed(request: string): number | undefined {
  if (!COUNTS_OUT.test(request)) return undefined;
  return wordsOf(request)
    .slice(0, COUNT_WITHIN)
    .map((word) => NUMBERS.indexOf(word))
    .find((number) => number >= LEAST_LINES);
}
