/** Win rates: against AlpacaEval's published figures, SciPy's standard errors, and the edges. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { winRateOf } from "#app/statistics/win-rate.ts";
import { fc } from "#tests/support/properties.ts";
import { outcomesOf, record } from "./support.ts";

function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../golden/statistics/${name}`, import.meta.url), "utf8"));
}

const alpacaEval = z
  .record(
    z.string(),
    z.object({
      winRatePercent: z.number(),
      standardErrorPercent: z.number(),
      judged: z.int(),
      meanLength: z.int(),
      preferences: z.array(z.number().nullable()),
      lengths: z.array(z.int().nullable()),
    }),
  )
  .parse(readGolden("alpaca-eval.json"));

describe("AlpacaEval's leaderboard", () => {
  test.each(Object.entries(alpacaEval))("%s has the published win rate, standard error and count", (_model, published) => {
    const scores = published.preferences.map((preference) => (preference === null ? null : preference - 1));
    const rate = winRateOf(outcomesOf(scores));
    expect(100 * rate.winRate).toBeCloseTo(published.winRatePercent, 6);
    expect(100 * rate.standardError).toBeCloseTo(published.standardErrorPercent, 6);
    expect([rate.n, rate.missing]).toEqual([published.judged, 805 - published.judged]);
  });

  test("gemma-2b-it has the published mean length", () => {
    const published = alpacaEval["gemma-2b-it"];
    const lengths = published?.lengths.map((length) => length ?? 0) ?? [];
    const scores = published?.preferences ?? [];
    const rate = winRateOf(
      outcomesOf(
        scores.map((preference) => (preference ?? 1) - 1),
        lengths,
        lengths,
      ),
    );
    expect(Math.floor(rate.meanLength)).toBe(published?.meanLength);
    expect(rate.opponentMeanLength).toBe(rate.meanLength);
  });
});

const evaluations = z
  .object({
    evaluations: z.array(
      z.object({
        name: z.string(),
        scores: z.array(z.array(z.number().nullable())),
        means: z.array(z.number()),
        standardErrors: z.array(z.number()),
      }),
    ),
  })
  .parse(readGolden("intervals.json")).evaluations;

test.each(evaluations)("means and standard errors are SciPy's: $name", ({ scores, means, standardErrors }) => {
  scores.forEach((row, j) => {
    const rate = winRateOf(outcomesOf(row));
    expect(rate.winRate).toBeCloseTo(means[j] ?? Number.NaN, 12);
    expect(rate.standardError).toBeCloseTo(standardErrors[j] ?? Number.NaN, 12);
  });
});

describe("edges", () => {
  test("nothing judged: even, with the largest error, and lengths of all prompts", () => {
    expect(winRateOf(outcomesOf([null, null], [10, 20], [30, 50]))).toEqual({
      n: 0,
      missing: 2,
      winRate: 0.5,
      standardError: 0.5,
      meanLength: 15,
      opponentMeanLength: 40,
      varying: 0,
    });
    expect(winRateOf([])).toMatchObject({ n: 0, missing: 0, winRate: 0.5, meanLength: 0, opponentMeanLength: 0 });
  });

  test("one prompt: its score, with the largest error", () => {
    expect(winRateOf(outcomesOf([1]))).toMatchObject({ n: 1, winRate: 1, standardError: 0.5 });
  });

  test("two prompts, a win and a loss: even, error one half", () => {
    // sd = √(2 · ¼ / 1) = .7071, divided by √2
    expect(winRateOf(outcomesOf([1, 0])).standardError).toBeCloseTo(0.5, 15);
  });

  test("equal scores have no spread, to the last bit", () => {
    expect(winRateOf(outcomesOf(Array.from({ length: 7 }, () => 0.1)))).toMatchObject({ winRate: 0.1, standardError: 0, varying: 0 });
  });

  test("missing prompts count nowhere, nor do their lengths", () => {
    const rate = winRateOf(outcomesOf([1, null, 0.5], [10, 1000, 30], [20, 5, 20]));
    expect(rate).toMatchObject({ n: 2, missing: 1, winRate: 0.75, meanLength: 20, opponentMeanLength: 20 });
  });

  test("varying counts the scores that differ from the commonest", () => {
    expect(winRateOf(outcomesOf(record(20, 3, 2))).varying).toBe(5);
  });
});

test.each([-0.1, 1.5, Number.NaN])("a score of %d is refused with its prompt", (score) => {
  expect(() => winRateOf(outcomesOf([1, score]))).toThrow(/score from 0 to 1, prompt prompt 0001/);
});

test("two outcomes of one prompt are refused", () => {
  const [one] = outcomesOf([1]);
  expect(() => winRateOf(one === undefined ? [] : [one, one])).toThrow(/one outcome a prompt/);
});

test("turning all scores round mirrors the rate and keeps the error; ties pull towards even", () => {
  const scores = fc.array(fc.constantFrom(0, 0.5, 1, 0.3), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(scores, (drawn) => {
      const rate = winRateOf(outcomesOf(drawn));
      const turned = winRateOf(outcomesOf(drawn.map((score) => 1 - score)));
      const withTie = winRateOf(outcomesOf([...drawn, 0.5]));
      expect(turned.winRate).toBeCloseTo(1 - rate.winRate, 12);
      expect(turned.standardError).toBeCloseTo(rate.standardError, 12);
      expect(Math.abs(withTie.winRate - 0.5)).toBeLessThanOrEqual(Math.abs(rate.winRate - 0.5) + 1e-12);
    }),
  );
});
