/** The percentile bootstrap over prompts, for statistics that have no standard error of their own. */
import type { Rng } from "#app/base/random.ts";
import type { Interval } from "./wilson.ts";

/** What the resamples of a statistic say; undefined members are resamples in which the statistic has no value. */
export type Replicates = readonly (number | undefined)[];

/** Indices of so many draws with replacement from so many groups. */
export function drawIndices(count: number, rng: Rng): number[] {
  return Array.from({ length: count }, () => rng.below(count));
}

/**
 * The statistic of so many resamples of the groups. A group is what is independent of the rest: a prompt with all that
 * was said of it. The groups' order matters to the draws, so sort them.
 */
export function bootstrapGroups<Item>(
  groups: readonly (readonly Item[])[],
  statistic: (items: readonly Item[]) => number | undefined,
  samples: number,
  rng: Rng,
): Replicates {
  return Array.from({ length: samples }, () => statistic(drawIndices(groups.length, rng).flatMap((i) => groups[i] ?? [])));
}

/**
 * The interval between the (1 - confidence)/2 quantiles of the replicates from either end (Efron 1979), the ranks
 * rounded outwards. A resample without a value could have had any, so it counts as one beyond either end; where there
 * are too many of them, or too few replicates for the confidence, the end is the limit of what the statistic can be.
 */
export function percentileInterval(replicates: Replicates, confidence: number, limits: Interval): Interval {
  const values = replicates.filter((value) => value !== undefined).sort((a, b) => a - b);
  const missing = replicates.length - values.length;
  const rank = Math.floor(((1 - confidence) / 2) * (replicates.length + 1) + 1e-9) - missing;
  return { low: values[rank - 1] ?? limits.low, high: values[values.length - rank] ?? limits.high };
}

/** Their standard deviation: the bootstrap's standard error; undefined with fewer than two values. */
export function deviationOfReplicates(replicates: Replicates): number | undefined {
  const values = replicates.filter((value) => value !== undefined);
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
