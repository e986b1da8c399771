/** Signs that a policy is collapsing: how far it has moved from the first, how varied it still writes, whether it ends, and its grip on plain text. */
import { watchWords } from "#app/text/watch.ts";
import { meanOf } from "./mean-score.ts";
import { distinctShare } from "./response-traits.ts";

/** One of the policy's own held-out responses, each token's log-probability at temperature 1 without top-p, in nats. */
export type WatchedResponse = {
  readonly text: string;
  readonly isFinished: boolean;
  /** Under the policy that wrote it, and under the experiment's first policy. */
  readonly ownLogps: readonly number[];
  readonly firstLogps: readonly number[];
};

export type CollapseWatch = {
  readonly responses: number;
  readonly tokens: number;
  readonly meanTokens: number;
  /**
   * KL(policy, first) a response, by the estimator k1: the mean over own responses of Σ log π(y_t) − log π_1(y_t). Unbiased for
   * responses drawn at temperature 1 without top-p; drawn sharper, it tells of what is in fact written. May fall below 0 by chance.
   */
  readonly klNats: number;
  /** Over responses; null for fewer than two. */
  readonly klStandardError: number | null;
  /** Σ over all responses / Σ tokens. */
  readonly klNatsPerToken: number;
  /** −Σ log π / Σ tokens over own responses: an estimate of the entropy a token. */
  readonly entropyNatsPerToken: number;
  /** distinct-1, -2 and -3: different word n-grams per n-gram over all responses; null where no response is so long. */
  readonly distinct: readonly [number | null, number | null, number | null];
  readonly finishedShare: number;
  /** −Σ log p / Σ tokens over plain text of people; its exponential is the perplexity. */
  readonly neutralNatsPerToken: number;
  readonly neutralTokens: number;
};

/** `neutral`: log-probabilities of the tokens of plain texts under the policy. Undefined without a token to measure. */
export function watchOf(responses: readonly WatchedResponse[], neutral: readonly (readonly number[])[]): CollapseWatch | undefined {
  const gaps = responses.map(({ ownLogps, firstLogps }) => sum(ownLogps) - sum(firstLogps));
  const tokens = responses.reduce((count, { ownLogps }) => count + ownLogps.length, 0);
  const neutralTokens = neutral.reduce((count, logps) => count + logps.length, 0);
  if (tokens === 0 || neutralTokens === 0) return undefined;
  const texts = responses.map(({ text }) => text);
  return {
    responses: responses.length,
    tokens,
    meanTokens: tokens / responses.length,
    klNats: meanOf(gaps),
    klStandardError: standardError(gaps),
    klNatsPerToken: sum(gaps) / tokens,
    entropyNatsPerToken: -responses.reduce((total, { ownLogps }) => total + sum(ownLogps), 0) / tokens,
    distinct: [distinctShare(texts, 1), distinctShare(texts, 2), distinctShare(texts, 3)],
    finishedShare: meanOf(responses.map(({ isFinished }) => Number(isFinished))),
    neutralNatsPerToken: -neutral.reduce((total, logps) => total + sum(logps), 0) / neutralTokens,
    neutralTokens,
  };
}

/** Where a figure is no longer usual; each against the first policy on the same prompts. docs/math.md says on what grounds. */
export const COLLAPSE_LIMITS = {
  /** Nats a token. */
  kl: 0.5,
  /** Shares of the first policy's figure. */
  entropy: 0.5,
  distinct3: 0.7,
  /** Points of 1 by which fewer responses end by themselves. */
  finished: 0.1,
  /** Times as long, or as short: the paper saw lengths double without a gain (DNO table 2). */
  length: 2,
  /** Times the first policy's perplexity on plain text. */
  perplexity: 1.25,
} as const;

export type CollapseSign = keyof typeof COLLAPSE_LIMITS;
export type CollapseWarning = { readonly sign: CollapseSign; readonly sentence: string };

/** What stands out, in plain sentences; empty where nothing does. */
export function collapseWarnings(now: CollapseWatch, first: CollapseWatch): CollapseWarning[] {
  const warnings: CollapseWarning[] = [];
  const warn = (sign: CollapseSign, isCrossed: boolean, sentence: string): void => {
    if (isCrossed) warnings.push({ sign, sentence });
  };
  const { kl, entropy, distinct3, finished, length, perplexity } = COLLAPSE_LIMITS;
  warn("kl", now.klNatsPerToken > kl, watchWords.kl(now.klNatsPerToken, kl));
  const entropyShare = ratio(now.entropyNatsPerToken, first.entropyNatsPerToken);
  warn("entropy", entropyShare < entropy, watchWords.entropy(entropyShare));
  const distinctShareOfFirst = ratio(now.distinct[2] ?? 0, first.distinct[2] ?? 0);
  warn("distinct3", distinctShareOfFirst < distinct3, watchWords.distinct3(distinctShareOfFirst));
  warn("finished", first.finishedShare - now.finishedShare > finished, watchWords.finished(now.finishedShare, first.finishedShare));
  const longer = ratio(now.meanTokens, first.meanTokens);
  warn("length", longer > length || longer < 1 / length, watchWords.length(longer));
  const perplexityRatio = Math.exp(now.neutralNatsPerToken - first.neutralNatsPerToken);
  warn("perplexity", perplexityRatio > perplexity, watchWords.perplexity(perplexityRatio));
  return warnings;
}

/** 1 where there is nothing to compare with. */
function ratio(value: number, of: number): number {
  return of === 0 ? 1 : value / of;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** s / √n with n − 1 degrees of freedom. */
function standardError(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
