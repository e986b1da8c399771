/** Evaluations as a whole: rows, intervals that hold together, edges, and how often the intervals are right. */
import { describe, expect, test } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { summariseEvaluation } from "#app/statistics/evaluation-summary.ts";
import { maxTCriticalValue } from "#app/statistics/max-t-bootstrap.ts";
import { wilsonInterval } from "#app/statistics/wilson.ts";
import { fc } from "#tests/support/properties.ts";
import { evaluationOf, opponent, record } from "./support.ts";

const previous = opponent(["previous"], record(60, 10, 30));
const first = opponent(["first"], [...record(15, 5, 30), ...record(15, 5, 30)]);

describe("rows", () => {
  test("two opponents: one row each, intervals that hold together", () => {
    const { rows } = summariseEvaluation(evaluationOf([previous, first]));
    expect(rows.map((row) => [row.roles, row.n, row.winRate, row.interval, row.isSimultaneous])).toEqual([
      [["previous"], 100, 0.65, "maxTBootstrap", true],
      [["first"], 100, 0.35, "maxTBootstrap", true],
    ]);
    const [row] = rows;
    expect([row?.attemptId, row?.policyId, row?.opponentId]).toEqual(["attempt", "new policy", "previous"]);
    const [alone] = summariseEvaluation(evaluationOf([previous])).rows;
    expect(row?.low).toBeLessThan(alone?.low ?? 0);
    expect(row?.high).toBeGreaterThan(alone?.high ?? 1);
  });

  test("with all rows bootstrapped they share one critical value at the full confidence", () => {
    const critical = maxTCriticalValue([previous.outcomes, first.outcomes], 0.95, 500, rngFor(1, "max-t-bootstrap"));
    for (const row of summariseEvaluation(evaluationOf([previous, first])).rows) {
      expect((row.high - row.winRate) / row.standardError).toBeCloseTo(critical, 10);
      expect((row.winRate - row.low) / row.standardError).toBeCloseTo(critical, 10);
    }
  });

  test("previous and first the same policy: one row with both roles, on its own", () => {
    const { rows } = summariseEvaluation(evaluationOf([opponent(["previous", "first"], record(60, 10, 30))]));
    expect(rows).toMatchObject([{ roles: ["previous", "first"], isSimultaneous: false }]);
  });

  test("few prompts: Wilson's interval, at half the error share each where there are two", () => {
    const few = opponent(["previous"], record(15, 0, 8));
    const [alone] = summariseEvaluation(evaluationOf([few])).rows;
    expect(alone).toMatchObject({ interval: "wilson", ...wilsonInterval(15 / 23, 23, 0.95) });
    const [together] = summariseEvaluation(evaluationOf([few, first])).rows;
    expect(together).toMatchObject({ interval: "wilson", isSimultaneous: true, ...wilsonInterval(15 / 23, 23, 0.975) });
  });

  test("beside a row of Wilson's the bootstrapped one gets what is left of the error share", () => {
    const few = opponent(["first"], record(3, 0, 8));
    const [beside] = summariseEvaluation(evaluationOf([previous, few], { bootstrapSamples: 3000 })).rows;
    const [strict] = summariseEvaluation(evaluationOf([previous], { confidence: 0.975, bootstrapSamples: 3000 })).rows;
    expect([beside?.low, beside?.high]).toEqual([strict?.low, strict?.high]);
  });

  test.each([
    { name: "perfect wins", scores: record(100, 0, 0), winRate: 1 },
    { name: "all ties", scores: record(0, 100, 0), winRate: 0.5 },
    { name: "all losses", scores: record(0, 0, 100), winRate: 0 },
    { name: "nearly all wins", scores: record(95, 0, 5), winRate: 0.95 },
  ])("$name: nothing to resample, so Wilson's interval, with width", ({ scores, winRate }) => {
    const [row] = summariseEvaluation(evaluationOf([opponent(["previous", "first"], scores)])).rows;
    expect(row).toMatchObject({ winRate, interval: "wilson" });
    expect((row?.high ?? 0) - (row?.low ?? 0)).toBeGreaterThan(0.03);
  });

  test("no outcomes: the whole range, and too few", () => {
    const { rows, recommendation } = summariseEvaluation(evaluationOf([opponent(["previous"], []), opponent(["first"], [null])]));
    expect(rows).toMatchObject([
      { n: 0, missing: 0, winRate: 0.5, low: 0, high: 1, interval: "wilson" },
      { n: 0, missing: 1, winRate: 0.5, low: 0, high: 1, interval: "wilson" },
    ]);
    expect(recommendation.verdict).toBe("tooFew");
    expect(summariseEvaluation(evaluationOf([]))).toMatchObject({ rows: [], recommendation: { verdict: "tooFew" } });
  });
});

const anyScores = fc.array(fc.option(fc.constantFrom(0, 0.5, 1, 0.8), { nil: null }), { maxLength: 60 });

test("every row holds its win rate within [0, 1] and has finite numbers; equal inputs give equal rows", () => {
  fc.assert(
    fc.property(fc.array(anyScores, { maxLength: 3 }), fc.nat(), (drawn, seed) => {
      const input = evaluationOf(
        drawn.map((scores, j) => opponent([], scores, `opponent ${j}`)),
        { seed, bootstrapSamples: 100 },
      );
      const summary = summariseEvaluation(input);
      for (const row of summary.rows) {
        expect(row.low).toBeGreaterThanOrEqual(0);
        expect(row.low).toBeLessThanOrEqual(row.winRate);
        expect(row.high).toBeGreaterThanOrEqual(row.winRate);
        expect(row.high).toBeLessThanOrEqual(1);
        for (const value of [row.standardError, row.meanLength, row.opponentMeanLength]) expect(Number.isFinite(value)).toBe(true);
      }
      expect(summariseEvaluation(input)).toEqual(summary);
    }),
    { numRuns: 50 },
  );
});

/** The share of simulated evaluations whose intervals hold all true win rates; opponents share seven draws of ten. */
function coverage(prompts: number, rates: readonly number[], ties: number, runs: number): number {
  const rng = rngFor(11, "coverage", prompts, ...rates);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const common = Array.from({ length: prompts }, () => rng.next());
    const opponents = rates.map((rate, j) => {
      const scores = common.map((shared) => {
        const draw = rng.next() < 0.7 ? shared : rng.next();
        return draw < rate - ties / 2 ? 1 : draw < rate + ties / 2 ? 0.5 : 0;
      });
      return opponent([], scores, `opponent ${j}`);
    });
    const { rows } = summariseEvaluation(evaluationOf(opponents, { bootstrapSamples: 200, seed: run }));
    if (rows.every((row, j) => row.low <= (rates[j] ?? 0) && (rates[j] ?? 0) <= row.high)) held += 1;
  }
  return held / runs;
}

describe("the true win rates lie in all intervals at once in at least 95 % of evaluations, less 3 % for 400 simulations", () => {
  test.each([
    { prompts: 12, rates: [0.5], ties: 0 },
    { prompts: 25, rates: [0.5, 0.7], ties: 0.2 },
    { prompts: 40, rates: [0.6], ties: 0.3 },
    { prompts: 40, rates: [0.5, 0.6], ties: 0.3 },
    { prompts: 40, rates: [0.85, 0.9], ties: 0.1 },
    { prompts: 80, rates: [0.5, 0.55, 0.6], ties: 0.6 },
  ])("$prompts prompts, rates $rates, $ties ties", ({ prompts, rates, ties }) => {
    const share = coverage(prompts, rates, ties, 400);
    expect(share).toBeGreaterThanOrEqual(0.92);
  });

  test("and the bootstrapped ones are not wide for nothing", () => {
    expect(coverage(80, [0.5, 0.6], 0.2, 400)).toBeLessThanOrEqual(0.98);
  });
});
