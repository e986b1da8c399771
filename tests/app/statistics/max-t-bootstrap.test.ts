/** The critical value of the max-T bootstrap against an independent one in NumPy, and its laws. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Rng, rngFor } from "#app/base/random.ts";
import { maxTCriticalValue } from "#app/statistics/max-t-bootstrap.ts";
import { twoSidedQuantile } from "#app/statistics/normal.ts";
import type { ScoredPrompt } from "#app/statistics/mean-score.ts";
import { outcomesOf, record } from "./support.ts";

const golden = z
  .object({
    evaluations: z.array(
      z.object({
        name: z.string(),
        confidence: z.number(),
        scores: z.array(z.array(z.number().nullable())),
        maxT: z.number(),
        single: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/intervals.json", import.meta.url), "utf8"))).evaluations;

const SAMPLES = 8000;
/** Four standard errors of a quantile near c = 2 from 8000 resamples: 4 √(.05 · .95 / 8000) / density(.11). */
const TOLERANCE = 0.09;

function toOpponents(scores: readonly (readonly (number | null)[])[]): ScoredPrompt[][] {
  return scores.map((row) => outcomesOf(row));
}

function critical(opponents: readonly (readonly ScoredPrompt[])[], confidence = 0.95, samples = 2000, seed = 5): number {
  return maxTCriticalValue(opponents, confidence, samples, rngFor(seed));
}

describe.each(golden)("$name, as NumPy has it with 100,000 resamples", ({ confidence, scores, maxT, single }) => {
  test("all opponents together", () => {
    expect(Math.abs(critical(toOpponents(scores), confidence, SAMPLES) - maxT)).toBeLessThan(TOLERANCE);
  });

  test("each opponent alone", () => {
    scores.forEach((row, j) => {
      expect(Math.abs(critical(toOpponents([row]), confidence, SAMPLES) - (single[j] ?? Number.NaN))).toBeLessThan(TOLERANCE);
    });
  });
});

describe("one resample, by hand", () => {
  /** Draws just these prompts. */
  const drawing = (draws: readonly number[]): Rng => {
    let k = 0;
    const below = (): number => draws[k++] ?? 0;
    return { next: () => 0, below };
  };
  const scores = [outcomesOf([1, 0, 1, 0.5]), outcomesOf([0.5, null, null, 0.5])];

  test("scores 1, 1, 0, 1 about the mean .625: (.75 - .625) / √(.25 / 4) = .5", () => {
    expect(maxTCriticalValue(scores.slice(0, 1), 0.95, 1, drawing([0, 0, 1, 2]))).toBeCloseTo(0.5, 12);
  });

  test("the second opponent's equal scores add nothing", () => {
    expect(maxTCriticalValue(scores, 0.95, 1, drawing([0, 0, 1, 2]))).toBeCloseTo(0.5, 12);
  });

  test("a resample with a single score of an opponent says nothing, so its t has no bound", () => {
    expect(maxTCriticalValue(scores, 0.95, 1, drawing([0, 1, 1, 2]))).toBe(Infinity);
  });
});

const wins = record(30, 20, 20);
const turned = [...wins].reverse();

test("the order of prompts and of opponents changes nothing", () => {
  const both = [outcomesOf(wins), outcomesOf(turned)];
  const shuffled = both.toReversed().map((one) => [...one].reverse());
  expect(critical(shuffled)).toBe(critical(both));
});

test("the same opponent twice needs no more than once; different ones need more, but less than Bonferroni", () => {
  const once = critical([outcomesOf(wins)]);
  const twice = critical([outcomesOf(wins), outcomesOf(wins)]);
  const mixed = wins.map((_, i) => wins[(i * 29) % wins.length] ?? null);
  const different = critical([outcomesOf(wins), outcomesOf(mixed)], 0.95, SAMPLES);
  expect(twice).toBe(once);
  expect(different).toBeGreaterThan(once + 0.1);
  expect(different).toBeLessThan(twoSidedQuantile(0.975) + 0.15);
});

test("with many prompts one opponent's value nears the normal one", () => {
  const many = Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 1 : 0));
  expect(Math.abs(critical([outcomesOf(many)], 0.95, 4000) - twoSidedQuantile(0.95))).toBeLessThan(0.12);
});

test("few prompts need more than the normal value", () => {
  // Student's value for 12 is 2.20, the normal one 1.96.
  const few = Array.from({ length: 12 }, (_, i) => i / 11);
  expect(critical([outcomesOf(few)], 0.95, SAMPLES)).toBeGreaterThan(2.1);
});

test("resamples without spread about another mean make it infinite, never small", () => {
  // In (11/12)^12 = 35 % of the resamples the only loss is not drawn.
  expect(critical([outcomesOf(record(11, 0, 1))])).toBe(Infinity);
});

test("equal seeds give equal values, other seeds near ones", () => {
  const one = [outcomesOf(wins)];
  expect(critical(one)).toBe(critical(one));
  expect(critical(one, 0.95, 2000, 6)).not.toBe(critical(one));
  expect(Math.abs(critical(one, 0.95, SAMPLES, 6) - critical(one, 0.95, SAMPLES))).toBeLessThan(TOLERANCE);
});
