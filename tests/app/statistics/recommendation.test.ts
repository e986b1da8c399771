/** Recommendations: the verdict's table, and sentences that give the number with its doubt. */
import { describe, expect, test } from "vitest";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";
import { summariseEvaluation } from "#app/statistics/evaluation-summary.ts";
import { recommend } from "#app/statistics/recommendation.ts";
import { evaluationOf, opponent, record } from "./support.ts";

const [template] = summariseEvaluation(evaluationOf([opponent(["previous"], record(60, 0, 40))])).rows;

function row(low: number, high: number, more: Partial<WinRateRow> = {}): WinRateRow {
  if (template === undefined) throw new Error("expected a row");
  return { ...template, winRate: (low + high) / 2, low, high, ...more };
}

function recommendationFor(...rows: readonly WinRateRow[]): Recommendation {
  return recommend(row(0, 1).policyId, rows, 0.95);
}

const first = { roles: ["first"] } as const;

describe("verdicts", () => {
  test.each<{ rows: WinRateRow[]; verdict: Recommendation["verdict"] }>([
    { rows: [row(0.51, 0.7)], verdict: "improved" },
    { rows: [row(0.51, 0.7), row(0.6, 0.8, first)], verdict: "improved" },
    { rows: [row(0.5, 0.7)], verdict: "noSignificantChange" },
    { rows: [row(0.4, 0.6)], verdict: "noSignificantChange" },
    { rows: [row(0.6, 0.8), row(0.45, 0.6, first)], verdict: "noSignificantChange" },
    { rows: [row(0.3, 0.5)], verdict: "noSignificantChange" },
    { rows: [row(0.3, 0.49)], verdict: "worse" },
    { rows: [row(0.6, 0.8), row(0.3, 0.49, first)], verdict: "worse" },
    { rows: [row(0.6, 0.8, { n: 19 })], verdict: "tooFew" },
    { rows: [row(0.6, 0.8, { n: 20 })], verdict: "improved" },
    { rows: [row(0.6, 0.8), row(0.6, 0.8, { ...first, n: 5 })], verdict: "tooFew" },
    { rows: [], verdict: "tooFew" },
  ])("$verdict", ({ rows, verdict }) => {
    expect(recommendationFor(...rows).verdict).toBe(verdict);
  });
});

describe("sentences", () => {
  test("cycle: what would be improved, where no score explains the verdicts on answers; nothing else changes", () => {
    const { policyId } = row(0, 1);
    const won = recommend(policyId, [row(0.51, 0.7)], 0.95, true);
    expect(won.verdict).toBe("cycle");
    expect(won.sentence).toContain("run in circles that no score explains, so a win is no step forward");
    expect(recommend(policyId, [row(0.3, 0.49)], 0.95, true)).toEqual(recommend(policyId, [row(0.3, 0.49)], 0.95, false));
  });

  test("improved: both numbers with interval, count and opponent", () => {
    expect(recommendationFor(row(0.526, 0.628), row(0.6, 0.7, first)).sentence).toBe(
      "The new policy wins 57.7 % against the previous policy (95 % interval 52.6–62.8, n 100) and 65.0 % against the first policy (95 % interval 60.0–70.0, n 100), clear of even each time: it looks better and is worth going on from.",
    );
  });

  test("improved but longer: says so", () => {
    const { sentence } = recommendationFor(row(0.6, 0.7, { meanLength: 150, opponentMeanLength: 100 }));
    expect(sentence).toContain("up to 50 % longer, so check that it is not only length");
    expect(recommendationFor(row(0.6, 0.7, { meanLength: 110 })).sentence).not.toContain("longer");
  });

  test("one policy in both roles is the one it started from", () => {
    expect(recommendationFor(row(0.4, 0.6, { roles: ["previous", "first"] })).sentence).toBe(
      "The new policy wins 50.0 % against the policy it started from (95 % interval 40.0–60.0, n 100); an interval that holds even is no proof of a gain, so count this as no significant change.",
    );
  });

  test("worse: advises to stay", () => {
    expect(recommendationFor(row(0.3, 0.4)).sentence).toMatch(/below even: better stay with the policy before it/);
  });

  test.each([
    { n: 1, missing: 0, says: "Too few to tell: only 1 prompt counts and a verdict needs at least 20." },
    { n: 12, missing: 3, says: "Too few to tell: only 12 prompts count and a verdict needs at least 20; 3 of 15 prompts gave no usable answer." },
    { n: 0, missing: 1, says: "Nothing can be said yet, as no held-out prompt has a usable answer; 1 of 1 prompt gave no usable answer." },
  ])("too few: $n and $missing missing", ({ n, missing, says }) => {
    expect(recommendationFor(row(0, 1, { n, missing })).sentence).toBe(says);
  });

  test("missing prompts are named beside every verdict", () => {
    expect(recommendationFor(row(0.6, 0.7, { missing: 7 })).sentence).toMatch(/; 7 of 107 prompts gave no usable answer\.$/);
  });
});
