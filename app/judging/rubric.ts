/** Traits of a response that a reader can point at, each a number; a rubric prefers by a majority of traits, so that its preferences may cycle. */
import type { RubricTrait } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import { closesAsLetter, formFit } from "./request-form.ts";
import { keyWordsOf, sentencesOf, stemsOf, wordsOf } from "./words.ts";

export type RubricBounds = { readonly minWords: number; readonly maxWords: number };

type Look = { readonly request: string; readonly text: string; readonly words: readonly string[]; readonly bounds: RubricBounds };

/** Higher is better, equal says nothing. Rounded where a hair's breadth should not decide. */
const TRAITS: { readonly [Trait in RubricTrait]: (look: Look) => number } = {
  opening: ({ request, words }) => shareOfKeyWords(request, words.slice(0, OPENING_WORDS)),
  finished: ({ request, text }) => Number(ENDING.test(text.trimEnd()) || closesAsLetter(request, text)),
  unrepeated: ({ words }) => -roundTo(repeatedShare(words), 1 / 20),
  form: ({ request, text }) => formFit(request, text),
  length: ({ words, bounds }) => -distanceOutside(words.length, bounds.minWords, bounds.maxWords),
  direct: ({ text }) => -INDIRECT.filter((pattern) => pattern.test(text)).length,
  plain: ({ text }) => -roundTo(distanceOutside(meanSentenceLength(text), ...EASY_SENTENCE), 1),
};

/** The first so many words shall take up what was asked. */
const OPENING_WORDS = 30;
/** A run of so many words that comes again is a repetition. */
const RUN = 5;
/** Words a sentence that read easily. */
const EASY_SENTENCE = [8, 20] as const;

/** A mark that ends a sentence, then at most what closes quotes, brackets or emphasis; the full stop of "2." begins a line. */
const ENDING = /(?:[!?…]|(?<!(?:^|\n)\s*\d{1,2})\.)["'”’)\]*_]*$/u;

const INDIRECT: readonly RegExp[] = [
  // Talk before the answer.
  /^\W*(?:sure|certainly|of course|absolutely|great question|good question|i'm happy|i'd be happy|i would be happy|thank you for (?:asking|your)|here(?:'s| is| are)|below (?:is|are)|okay|ok)\b/iu,
  // Talk about itself.
  /\b(?:as an ai|as a language model|i'm (?:just )?an? (?:ai|language model|assistant)|i am an? (?:ai|language model|assistant)|smollm)\b/iu,
  // Blanks that the reader would have to fill in.
  /\[[^\]\n]{2,40}\]/u,
  // Talk after the answer.
  /\b(?:i hope (?:this|that|these) (?:help|helps|is)|let me know if|feel free to (?:ask|contact|reach)|in conclusion)\b/iu,
];

/** Each trait of a response to a request, in the order of `traits`. The request is the conversation's last message. */
export function traitsOf(
  traits: readonly RubricTrait[],
  bounds: RubricBounds,
  messages: readonly Pick<Message, "content">[],
  text: string,
): readonly number[] {
  const look = { request: messages.at(-1)?.content ?? "", text, words: wordsOf(text), bounds };
  return traits.map((trait) => TRAITS[trait](look));
}

/** Traits that speak for the first less those that speak for the second. */
export function majorityOf(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, value, i) => sum + Math.sign(value - (second[i] ?? value)), 0);
}

/** Rounded to quarters: one word of many shall not decide. 1 where the request has no key words. */
function shareOfKeyWords(request: string, words: readonly string[]): number {
  const wanted = keyWordsOf(request);
  const found = stemsOf(words);
  return wanted.size === 0 ? 1 : roundTo([...wanted].filter((stem) => found.has(stem)).length / wanted.size, 1 / 4);
}

/** The share of runs of five words that stood before. */
function repeatedShare(words: readonly string[]): number {
  const count = words.length - RUN + 1;
  if (count < 1) return 0;
  const runs = new Set(Array.from({ length: count }, (_, i) => words.slice(i, i + RUN).join(" ")));
  return 1 - runs.size / count;
}

function meanSentenceLength(text: string): number {
  const lengths = sentencesOf(text).map((sentence) => wordsOf(sentence).length);
  return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
}

function distanceOutside(value: number, low: number, high: number): number {
  return Math.max(0, low - value, value - high);
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}
