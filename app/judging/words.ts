/** Words, stems and sentences of English text, as scripts that judge by rule look at them. */

/** Words in lower case; an apostrophe inside belongs to the word. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu) ?? [];
}

/** Sentences and lines: a line of a list counts as one, without its mark. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…])["'”’)\]*_]*\s+|\n+/u)
    .map((sentence) => sentence.replace(LIST_MARK, "").trim())
    .filter((sentence) => wordsOf(sentence).length > 0);
}

/** What begins a line of a list. */
export const LIST_MARK = /^\s*(?:[-*•–]|\d{1,2}[.)])\s+/u;

/** The stems of the words that a request is about: without function words and words that only ask. */
export function keyWordsOf(request: string): Set<string> {
  return stemsOf(wordsOf(request).filter((word) => word.length > 2 && !COMMON.has(word)));
}

/** The first six letters stand for a word and its endings: "compare", "comparing" and "comparison" are one. */
export function stemsOf(words: Iterable<string>): Set<string> {
  return new Set([...words].map((word) => (word.length > STEM ? word.slice(0, STEM) : word.replace(/(?<=\p{L}{3})s$/u, ""))));
}

const STEM = 6;

const COMMON: ReadonlySet<string> = new Set(
  `a about after all also always an and any are as ask asking asks at be because been before being between both but by can cannot could describe did do does
  doing down draw each explain few find first five for four from get give gives had has have having her here his how if in into is it its just keep keeps less
  let like list long made make makes many may me mean means might more most much must my name need needs never next no not now of off on once one only or other
  our out outline over own plan plans put rephrase rewrite same say says set she short should six so some somebody someone steps such suggest take tell than that the their
  them then there these they thing things this those three through tiny to too turn two under until up use used uses using very want wants was way ways we were
  what when where which while who whose why will with without word words would write yet you your`.split(/\s+/u),
);
