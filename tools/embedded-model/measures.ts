/** Step 6 in pure functions: whether samples are finished, on the prompt's topic, varied, and new; how a sentence is broken to see whether a check would notice. */
import { type Rng, rngFor, shuffled } from "#app/base/random.ts";
import { meanOf } from "#app/statistics/mean-score.ts";
import { MOOD_WORDS } from "./sentences.ts";
import { sentencesOf, type Wish } from "./stories.ts";
import { HEROES } from "./world.ts";

/** Ended by the model itself, with a whole last sentence. */
export function isFinished(text: string, finishReason: string): boolean {
  return finishReason === "endOfText" && /^[A-Z][^"]*[.!]$/u.test(text) && !/\s{2}|\n/u.test(text);
}

/** Names hero, place and weather of the prompt. */
export function isOnTopic(text: string, { hero, place, mood }: Wish): boolean {
  const names = (word: string): boolean => new RegExp(`\\b${word}\\b`, "iu").test(text);
  return names(hero.name) && names(place) && MOOD_WORDS[mood].test(text);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z']+/gu) ?? [];
}

/** Different runs of three words per run, over all texts together (distinct-3, Li et al. 2016). More texts give lower values: compare equal numbers. */
export function distinctTriples(texts: readonly string[]): number {
  const triples = texts.flatMap((text) => {
    const words = wordsOf(text);
    return words.slice(2).map((word, i) => `${words[i] ?? ""} ${words[i + 1] ?? ""} ${word}`);
  });
  return new Set(triples).size / Math.max(1, triples.length);
}

const CARD_SEED = 1;
const CARD_SAMPLES = 50;

/** Fifty drawn of all samples, in drawn order, as the numbered list of the model's card. */
export function cardSamples(samples: readonly { readonly prompt: string; readonly text: string }[]): string {
  return shuffled(samples, rngFor(CARD_SEED, "card"))
    .slice(0, CARD_SAMPLES)
    .map(({ prompt, text }, i) => `${i + 1}. _${prompt}_ ${text}\n`)
    .join("");
}

export type Copying = {
  /** Share of samples that are a story of the training text, word by word. */
  readonly wholeStories: number;
  /** Share of sentences that stand so in the training text. */
  readonly sentences: number;
  /** The same, whoever the hero is. */
  readonly sentencesButForHero: number;
  /** Share of neighbouring sentences that stand so beside one another in the training text. */
  readonly neighbours: number;
};

export function copyingOf(samples: readonly string[], training: readonly string[]): Copying {
  const stories = new Set(training);
  const known = new Set(training.flatMap(sentencesOf));
  const knownOfAnyone = new Set([...known].map(ofAnyone));
  const knownPairs = new Set(training.flatMap(neighboursOf));
  return {
    wholeStories: meanOf(samples.map((text) => Number(stories.has(text)))),
    sentences: meanOf(samples.flatMap(sentencesOf).map((sentence) => Number(known.has(sentence)))),
    sentencesButForHero: meanOf(samples.flatMap(sentencesOf).map((sentence) => Number(knownOfAnyone.has(ofAnyone(sentence))))),
    neighbours: meanOf(samples.flatMap(neighboursOf).map((pair) => Number(knownPairs.has(pair)))),
  };
}

const ANY_HERO = new RegExp(`\\b(?:${HEROES.map(({ name }) => name).join("|")})\\b`, "gu");

function ofAnyone(sentence: string): string {
  return sentence
    .replace(ANY_HERO, "hero")
    .replace(/\bshe\b/gu, "he")
    .replace(/\b(?:her|him)\b/gu, "his")
    .replace(/\bherself\b/gu, "himself");
}

function neighboursOf(text: string): readonly string[] {
  const sentences = sentencesOf(text);
  return sentences.slice(1).map((sentence, i) => `${sentences[i] ?? ""} ${sentence}`);
}

/** A story with one sentence broken: two neighbouring words of it change places. */
export function brokenStory(text: string, rng: Rng): string {
  const sentences = [...sentencesOf(text)];
  const at = rng.below(sentences.length);
  const words = (sentences[at] ?? "").split(" ");
  // Neither the first word nor the last: a capital or a full stop in the wrong place would give it away.
  const first = 1 + rng.below(Math.max(1, words.length - 3));
  const [left, right] = [words[first], words[first + 1]];
  if (left === undefined || right === undefined) return text;
  words[first] = right;
  words[first + 1] = left;
  sentences[at] = words.join(" ");
  return sentences.join(" ");
}

/** Mean log-probability a token of each sentence; `ends` are the counts of tokens up to the end of each. */
export function sentenceMeans(tokenLogps: readonly number[], ends: readonly number[]): readonly number[] {
  return ends.map((end, i) => meanOf(tokenLogps.slice(i === 0 ? 0 : ends[i - 1], end)));
}

/** The value that `share` of the values lie at or above. */
export function thresholdFor(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => b - a);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
