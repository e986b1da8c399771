/** What a policy's responses look like as a set: lengths, endings and variety, the first signs of a collapse. */
import { meanOf } from "./mean-score.ts";

export type ResponseSample = {
  readonly text: string;
  readonly tokenCount: number;
  /** False where the response was cut at the token limit. */
  readonly isFinished: boolean;
  readonly isRepetitive: boolean;
  /** Σ log π over its tokens in nats; null where it was not measured. */
  readonly logp: number | null;
};

export type ResponseTraits = {
  readonly n: number;
  /** In Unicode characters, and in tokens. */
  readonly meanCharacters: number;
  readonly meanTokens: number;
  /** Shares of 1. */
  readonly finishedShare: number;
  readonly repetitiveShare: number;
  /** Different pairs of neighbouring words per pair, over all responses (distinct-2, Li et al. 2016); null without a pair. */
  readonly distinctPairs: number | null;
  /** -Σ log π / Σ tokens over own samples: an estimate of the policy's entropy a token; null where nothing was measured. */
  readonly natsPerToken: number | null;
};

export function responseTraits(samples: readonly ResponseSample[]): ResponseTraits {
  const measured = samples.flatMap(({ logp, tokenCount }) => (logp === null || tokenCount === 0 ? [] : [{ logp, tokenCount }]));
  const tokens = measured.reduce((sum, one) => sum + one.tokenCount, 0);
  return {
    n: samples.length,
    meanCharacters: meanOf(samples.map(({ text }) => characterCount(text))),
    meanTokens: meanOf(samples.map(({ tokenCount }) => tokenCount)),
    finishedShare: meanOf(samples.map(({ isFinished }) => Number(isFinished))),
    repetitiveShare: meanOf(samples.map(({ isRepetitive }) => Number(isRepetitive))),
    distinctPairs: distinctShare(
      samples.map(({ text }) => text),
      2,
    ),
    natsPerToken: tokens === 0 ? null : -measured.reduce((sum, one) => sum + one.logp, 0) / tokens,
  };
}

/** Unicode code points, as AlpacaEval counts lengths. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** distinct-n (Li et al. 2016): different n-grams of words per n-gram, over all texts; null where no text is so long. */
export function distinctShare(texts: readonly string[], n: number): number | null {
  const seen = new Set<string>();
  let total = 0;
  for (const text of texts) {
    const words = text
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== "");
    for (let i = n; i <= words.length; i++) {
      total += 1;
      seen.add(words.slice(i - n, i).join(" "));
    }
  }
  return total === 0 ? null : seen.size / total;
}
