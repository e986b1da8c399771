/** Bradley-Terry ratings: against scikit-learn and numpy, known tables, and tables that have no ratings. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import { fitBradleyTerry, solvePositive } from "#app/statistics/bradley-terry.kernel.ts";
import { connectedGroups, isBalanced, type PairedScore, tableOf } from "#app/statistics/paired-scores.ts";
import { DEFAULT_RIDGE, POINTS_PER_NAT, preferenceFromRatings, ratePolicies, type RatingsInput } from "#app/statistics/ratings.ts";
import { games } from "#tests/support/games.ts";
import { fc } from "#tests/support/properties.ts";
import { record } from "./support.ts";

const { tournaments } = z
  .object({
    tournaments: z.array(
      z.object({
        name: z.string(),
        size: z.int(),
        rows: z.array(z.tuple([z.int(), z.int(), z.number(), z.int()])),
        strengths: z.record(z.string(), z.array(z.number())),
        low: z.array(z.number()),
        high: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/ratings.json", import.meta.url), "utf8")));

/** [first, second, score, prompt], policies and prompts by number. */
type Row = readonly [number, number, number, number];

function toScores(rows: readonly Row[]): PairedScore[] {
  return rows.map(([first, second, score, prompt]) => ({
    promptId: `prompt ${String(prompt).padStart(4, "0")}` as PromptId,
    firstId: `p${first}` as PolicyId,
    secondId: `p${second}` as PolicyId,
    score,
  }));
}

function inputOf(rows: readonly Row[], more: Partial<RatingsInput> = {}): RatingsInput {
  return { scores: toScores(rows), ridge: DEFAULT_RIDGE, confidence: 0.95, bootstrapSamples: 100, seed: 2, ...more };
}

function ratingsOf(input: RatingsInput) {
  const outcome = ratePolicies(input);
  if (outcome.kind !== "rated") throw new Error(`expected ratings, got ${outcome.kind}`);
  return new Map(outcome.ratings.map((rating) => [rating.policyId, rating]));
}

describe.each(tournaments)("$name", ({ size, rows, strengths, low, high }) => {
  test("strengths are scikit-learn's, with and without a ridge", () => {
    const table = tableOf(
      size,
      rows.map(([first, second, score]) => ({ first, second, score })),
    );
    for (const [ridge, expected] of Object.entries(strengths)) {
      const fitted = fitBradleyTerry(table, Number(ridge));
      expected.forEach((strength, i) => expect(Math.abs((fitted?.[i] ?? Number.NaN) - strength)).toBeLessThan(1e-7));
    }
  });

  test("intervals are numpy's, within what resampling leaves open", () => {
    const rated = ratingsOf(inputOf(rows, { bootstrapSamples: 2000 }));
    low.forEach((expectedLow, i) => {
      const expectedHigh = high[i] ?? Number.NaN;
      const tolerance = (0.35 * (expectedHigh - expectedLow)) / 3.92;
      const { low: ownLow, high: ownHigh } = rated.get(`p${i}` as PolicyId) ?? { low: Number.NaN, high: Number.NaN };
      expect(Math.abs((ownLow - 1000) / POINTS_PER_NAT - expectedLow)).toBeLessThan(tolerance);
      expect(Math.abs((ownHigh - 1000) / POINTS_PER_NAT - expectedHigh)).toBeLessThan(tolerance);
    });
  });
});

const thirtyTenTen = record(30, 10, 10).map((score, i): Row => [0, 1, score, i]);

describe("known tables", () => {
  test("30 wins, 10 losses, 10 ties: 400 log10(.7 / .3) = 147.19 points apart", () => {
    const rated = ratingsOf(inputOf(thirtyTenTen, { ridge: 0 }));
    const [better, worse] = [...rated.values()];
    expect(((better?.rating ?? 0) - (worse?.rating ?? 0)).toFixed(2)).toBe("147.19");
    expect((better?.rating ?? 0) + (worse?.rating ?? 0)).toBeCloseTo(2000, 9);
    expect(preferenceFromRatings(better?.rating ?? 0, worse?.rating ?? 0)).toBeCloseTo(0.7, 10);
    expect(better).toMatchObject({ policyId: "p0", rank: 1, comparisons: 50 });
    expect(worse?.rank).toBe(2);
  });

  test("a fixed rating is kept, has no interval, and the others follow it", () => {
    const rated = ratingsOf(inputOf(thirtyTenTen, { ridge: 0, fixed: { policyId: "p1" as PolicyId, rating: 1114 } }));
    expect(rated.get("p1" as PolicyId)).toMatchObject({ rating: 1114, low: 1114, high: 1114 });
    expect(rated.get("p0" as PolicyId)?.rating).toBeCloseTo(1114 + 147.19, 2);
  });

  test("the scores of the games: where preferences cycle or are no scores, the highest is not the equilibrium", () => {
    // By BFGS on the same tables: an uneven cycle and a Condorcet winner that scores miss.
    const expected = [
      [2, [0.275, 0.138, -0.413]],
      [3, [0.149, 0.591]],
    ] as const;
    for (const [game, scores] of expected) {
      const matrix = games[game]?.matrix ?? [];
      const points = Float64Array.from(matrix.flatMap((row, i) => row.map((p, j) => (i === j ? 0 : p))));
      const counts = Float64Array.from(matrix.flatMap((row, i) => row.map((_, j) => (i === j ? 0 : 1))));
      const fitted = fitBradleyTerry({ size: 3, points, counts }, 0) ?? [];
      scores.forEach((score, i) => expect(fitted[i]?.toFixed(3)).toBe(score.toFixed(3)));
    }
  });

  test("turned comparisons and another order say the same", () => {
    const rows = tournaments[0]?.rows ?? [];
    const turned = rows.map(([first, second, score, prompt]): Row => [second, first, 1 - score, prompt]).reverse();
    expect(ratePolicies(inputOf(turned))).toEqual(ratePolicies(inputOf(rows)));
  });

  test("adding one draw between two policies pulls them together", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 2, maxLength: 30 }), (scores) => {
        const gap = (all: readonly number[]): number => {
          const [a = 0, b = 0] = fitBradleyTerry(tableOf(2, all.map((score) => ({ first: 0, second: 1, score }))), 0.1) ?? []; // prettier-ignore
          return Math.abs(a - b);
        };
        expect(gap([...scores, 0.5])).toBeLessThanOrEqual(gap(scores) + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe("tables without ratings say so", () => {
  test("no comparison", () => {
    expect(ratePolicies(inputOf([]))).toEqual({ kind: "noComparisons" });
  });

  test("two groups that never met", () => {
    const rows: Row[] = [
      [0, 2, 1, 0],
      [3, 1, 0.5, 1],
    ];
    expect(ratePolicies(inputOf(rows))).toEqual({
      kind: "disconnected",
      groups: [
        ["p0", "p2"],
        ["p1", "p3"],
      ],
    });
  });

  test("an undefeated policy: unbounded without a ridge, finite with one, and wide", () => {
    const rows = record(20, 0, 0).map((score, i): Row => [0, 1, score, i]);
    expect(ratePolicies(inputOf(rows, { ridge: 0 }))).toEqual({ kind: "unbounded" });
    const rated = ratingsOf(inputOf(rows));
    expect(rated.get("p0" as PolicyId)?.rating).toBeGreaterThan(1200);
    expect(rated.get("p0" as PolicyId)?.rating).toBeLessThan(2000);
  });

  test("resamples that lose the only link leave the ratings open", () => {
    const rows: Row[] = [...record(20, 0, 20).map((score, i): Row => [0, 1, score, i]), [1, 2, 0.5, 99]];
    // (39/41)^41 = 37 % of the resamples miss the one prompt with policy 2.
    expect(ratingsOf(inputOf(rows)).get("p2" as PolicyId)).toMatchObject({ low: -Infinity, high: Infinity, rank: 1 });
  });

  test("a policy against itself, a score beyond 1 and a fixed policy that never played are refused", () => {
    expect(() => ratePolicies(inputOf([[1, 1, 0, 0]]))).toThrow(/two different policies/);
    expect(() => ratePolicies(inputOf([[0, 1, 1.5, 0]]))).toThrow(/from 0 to 1/);
    expect(() => ratePolicies(inputOf(thirtyTenTen, { fixed: { policyId: "p9" as PolicyId, rating: 0 } }))).toThrow(/p9 is not/);
  });
});

test("groups and balance of a chain: joined, but nobody below ever won", () => {
  const chain = [0, 1, 2].map((i) => ({ first: i, second: i + 1, score: 1 }));
  expect(connectedGroups(tableOf(4, chain))).toEqual([[0, 1, 2, 3]]);
  expect(isBalanced(tableOf(4, chain))).toBe(false);
  expect(isBalanced(tableOf(4, [...chain, { first: 3, second: 0, score: 0.5 }]))).toBe(true);
  expect(isBalanced(tableOf(4, [...chain, { first: 3, second: 1, score: 0.5 }]))).toBe(false);
});

test("positive definite systems are solved, others refused", () => {
  const [x, y] = solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(2, 5), 2) ?? [];
  expect(x).toBeCloseTo(-0.5, 12);
  expect(y).toBeCloseTo(2, 12);
  expect(solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 2)).toBeUndefined();
});
