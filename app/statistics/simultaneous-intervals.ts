/** Intervals of several means over the same prompts that hold together. */
import { rngFor } from "#app/base/random.ts";
import { maxTCriticalValue } from "./max-t-bootstrap.ts";
import { type MeanScore, meanScoreOf, type ScoredPrompt } from "./mean-score.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/** The bootstrap needs this many prompts, and this many scores that differ from the commonest; else Wilson serves. */
export const MIN_BOOTSTRAP_PROMPTS = 30;
export const MIN_VARYING_PROMPTS = 10;

export type MeanWithInterval = MeanScore & Interval & { readonly interval: "maxTBootstrap" | "wilson" };

export type IntervalSettings = { readonly confidence: number; readonly bootstrapSamples: number; readonly seed: number };

/**
 * One mean a column, with an interval. With k columns and error share α = 1 - confidence, each Wilson interval gets α/k
 * and the m bootstrapped ones together α·m/k, so that by Bonferroni's inequality all k hold at once. Equal inputs give
 * equal intervals, whatever the order of prompts. Throws DataError as `meanScoreOf` does.
 */
export function simultaneousIntervals(columns: readonly (readonly ScoredPrompt[])[], settings: IntervalSettings): MeanWithInterval[] {
  const measured = columns.map((prompts) => ({ prompts, mean: meanScoreOf(prompts) }));
  const errorShare = (1 - settings.confidence) / Math.max(1, columns.length);
  const resampled = measured.filter(({ mean }) => canResample(mean)).map(({ prompts }) => prompts);
  const rng = rngFor(settings.seed, "max-t-bootstrap");
  const critical =
    resampled.length === 0 ? Infinity : maxTCriticalValue(resampled, 1 - errorShare * resampled.length, settings.bootstrapSamples, rng);
  return measured.map(({ mean }) =>
    canResample(mean)
      ? { ...mean, ...bootstrapInterval(mean, critical), interval: "maxTBootstrap" }
      : { ...mean, ...wilsonInterval(mean.mean, mean.n, 1 - errorShare), interval: "wilson" },
  );
}

function canResample(mean: MeanScore): boolean {
  return mean.n >= MIN_BOOTSTRAP_PROMPTS && mean.varying >= MIN_VARYING_PROMPTS;
}

function bootstrapInterval({ mean, standardError }: MeanScore, critical: number): Interval {
  const halfWidth = critical * standardError;
  return { low: Math.max(0, mean - halfWidth), high: Math.min(1, mean + halfWidth) };
}
