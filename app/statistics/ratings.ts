/** Bradley-Terry ratings of several policies on Elo's scale: one lens, which cannot show that preferences cycle. */
import { DataError } from "#app/base/errors.ts";
import type { PolicyId } from "#app/base/ids.ts";
import { rngFor } from "#app/base/random.ts";
import { type ComparisonTable, fitBradleyTerry } from "./bradley-terry.kernel.ts";
import { connectedGroups, indexScores, isBalanced, type PairedScore, tableOf } from "./paired-scores.ts";
import { drawIndices, percentileInterval } from "./percentile-bootstrap.ts";

/** A normal prior of standard deviation √10 nats (about 550 points): finite ratings for the undefeated, little else. */
export const DEFAULT_RIDGE = 0.1;
/** Points to a nat: 400 points are odds of ten to one. */
export const POINTS_PER_NAT = 400 / Math.LN10;
/** The mean of all ratings where none is fixed. */
export const MEAN_RATING = 1000;

export type RatingsInput = {
  readonly scores: readonly PairedScore[];
  /** Weight of the squared strengths, in nats to the power of -2; 0 for none. */
  readonly ridge: number;
  /** A policy whose rating is given; the others are then relative to it. */
  readonly fixed?: { readonly policyId: PolicyId; readonly rating: number };
  readonly confidence: number;
  readonly bootstrapSamples: number;
  readonly seed: number;
};

export type PolicyRating = {
  readonly policyId: PolicyId;
  /** In points; low and high are infinite where resamples leave the rating open. */
  readonly rating: number;
  readonly low: number;
  readonly high: number;
  /** 1 + policies that are surely better: whose low is above this one's high. */
  readonly rank: number;
  readonly comparisons: number;
};

export type RatingsOutcome =
  | { readonly kind: "rated"; readonly ridge: number; readonly ratings: readonly PolicyRating[] }
  | { readonly kind: "noComparisons" }
  /** No comparison joins these groups, so nothing can be said across them. */
  | { readonly kind: "disconnected"; readonly groups: readonly (readonly PolicyId[])[] }
  /** Without a ridge: some policies never lost a point to the rest, so their ratings have no bound. */
  | { readonly kind: "unbounded" }
  /** The table is so extreme that no fit settles within rounding. */
  | { readonly kind: "notSettled" };

/**
 * Ratings R = 1000 + 400 θ / ln 10 in descending order, with P(a is preferred to b) = 1 / (1 + 10^((R_b - R_a) / 400));
 * ties count one half each. Intervals are percentiles over resampled prompts with all their comparisons (they are not
 * independent). The order of comparisons changes nothing, unlike in Elo's own updates. Throws DataError as
 * `indexScores` does, and for a fixed policy that was never compared.
 */
export function ratePolicies(input: RatingsInput): RatingsOutcome {
  const { policyIds, byPrompt } = indexScores(input.scores);
  const size = policyIds.length;
  if (size === 0) return { kind: "noComparisons" };
  const fixedRow = input.fixed === undefined ? -1 : policyIds.indexOf(input.fixed.policyId);
  if (input.fixed !== undefined && fixedRow === -1) {
    throw new DataError(`expected the policy with a fixed rating among those compared, ${input.fixed.policyId} is not`);
  }
  const table = tableOf(size, byPrompt.flat());
  const groups = connectedGroups(table);
  if (groups.length > 1) return { kind: "disconnected", groups: groups.map((rows) => rows.flatMap((row) => policyIds[row] ?? [])) };
  if (input.ridge === 0 && !isBalanced(table)) return { kind: "unbounded" };
  const strengths = fitBradleyTerry(table, input.ridge);
  if (strengths === undefined) return { kind: "notSettled" };
  const toRatings = (theta: Float64Array): number[] => {
    const shift = fixedRow === -1 ? MEAN_RATING : (input.fixed?.rating ?? 0) - POINTS_PER_NAT * (theta[fixedRow] ?? 0);
    return Array.from(theta, (nats) => shift + POINTS_PER_NAT * nats);
  };
  const rng = rngFor(input.seed, "ratings");
  const resampled = Array.from({ length: input.bootstrapSamples }, () => {
    const drawn = drawIndices(byPrompt.length, rng).flatMap((i) => byPrompt[i] ?? []);
    const theta = strengthsOf(tableOf(size, drawn), input.ridge, strengths);
    return theta === undefined ? undefined : toRatings(theta);
  });
  const measured = toRatings(strengths);
  const rows = policyIds.map((policyId, row) => {
    const rating = measured[row] ?? MEAN_RATING;
    const replicates = resampled.map((ratings) => ratings?.[row]);
    const interval = row === fixedRow ? { low: rating, high: rating } : percentileInterval(replicates, input.confidence, EVERYTHING);
    return { policyId, rating, ...interval, comparisons: rowSum(table, row) };
  });
  const ratings = rows.map((row) => ({ ...row, rank: 1 + rows.filter((other) => other.low > row.high).length })).sort((a, b) => b.rating - a.rating);
  return { kind: "rated", ridge: input.ridge, ratings };
}

const EVERYTHING = { low: -Infinity, high: Infinity };

/** What the ratings say of two policies: P(a is preferred to b). */
export function preferenceFromRatings(a: number, b: number): number {
  return 1 / (1 + 10 ** ((b - a) / 400));
}

/** The strengths of a resample; undefined where it has lost what joined the policies or bounded them. */
function strengthsOf(table: ComparisonTable, ridge: number, start: Float64Array): Float64Array | undefined {
  if (connectedGroups(table).length > 1 || (ridge === 0 && !isBalanced(table))) return undefined;
  return fitBradleyTerry(table, ridge, start);
}

function rowSum({ size, counts }: ComparisonTable, row: number): number {
  return counts.subarray(row * size, (row + 1) * size).reduce((sum, count) => sum + count, 0);
}
