/** The duel matrix: both orders, repeats, failures, and its symmetry. */
import { describe, expect, test } from "vitest";
import { buildDuelMatrix, duelBetween, duelMatrixFromScores, preferenceProbability } from "#app/preferences/duel-matrix.ts";
import { expectedWinRates } from "#app/preferences/expected-win-rates.ts";
import { fc } from "#tests/support/properties.ts";
import { bothOrders, candidate, firstWins, judged, responseId, secondWins, tie } from "./support.ts";

const [a, b, c] = [candidate("a"), candidate("b"), candidate("c")];
const probability = (matrix: Parameters<typeof preferenceProbability>[0], x: string, y: string) =>
  preferenceProbability(matrix, responseId(x), responseId(y));

describe("both orders", () => {
  test("the same winner twice is a win", () => {
    const matrix = buildDuelMatrix([a, b], bothOrders("b", "a"));
    expect(probability(matrix, "b", "a")).toBe(1);
    expect(matrix.counts).toMatchObject({ usable: 2, bothOrders: 1, flipped: 0 });
  });

  test("different winners are a tie, and a flip", () => {
    const matrix = buildDuelMatrix([a, b], [judged("a", "b", firstWins), judged("b", "a", firstWins)]);
    expect(probability(matrix, "a", "b")).toBe(0.5);
    expect(matrix.counts).toMatchObject({ bothOrders: 1, flipped: 1, ties: 1 });
  });

  test("a win in one order and a tie in the other is a tie", () => {
    const matrix = buildDuelMatrix([a, b], [judged("a", "b", firstWins), judged("b", "a", tie)]);
    expect(probability(matrix, "a", "b")).toBe(0.5);
  });

  test("probabilities of the two orders are averaged", () => {
    // P(a shown first) = 0.9; with b shown first the oracle gives P(b) = 0.3, so P(a) = 0.7.
    const matrix = buildDuelMatrix([a, b], [judged("a", "b", firstWins, { probability: 0.9 }), judged("b", "a", secondWins, { probability: 0.3 })]);
    expect(probability(matrix, "a", "b")).toBeCloseTo(0.8, 12);
  });

  test("a failed answer in one order takes the comparison away: one order alone is biased", () => {
    const matrix = buildDuelMatrix([a, b], [judged("a", "b", firstWins), judged("b", "a", failed)]);
    expect(probability(matrix, "a", "b")).toBeUndefined();
    expect(matrix.counts).toMatchObject({ usable: 1, unusable: 1, bothOrders: 0 });
  });

  const failed = { kind: "invalid", reason: "no verdict line" } as const;

  test("an order that was asked again after a failure takes the failure's place", () => {
    const judgments = [judged("a", "b", failed), judged("b", "a", firstWins), judged("a", "b", secondWins)];
    for (const requireBothOrders of [false, true]) {
      const matrix = buildDuelMatrix([a, b], judgments, { requireBothOrders });
      expect(duelBetween(matrix, b.id, a.id)).toMatchObject({ probability: 1, outcomeCount: 1 });
      expect(matrix.counts).toMatchObject({ usable: 2, unusable: 1, bothOrders: 1 });
    }
  });

  test("of two answers in one order, a failure in the other takes one along", () => {
    const judgments = [judged("a", "b", firstWins), judged("a", "b", firstWins), judged("b", "a", failed)];
    expect(duelBetween(buildDuelMatrix([a, b], judgments), a.id, b.id)).toMatchObject({ probability: 1, outcomeCount: 1 });
    expect(duelBetween(buildDuelMatrix([a, b], judgments.slice(1)), a.id, b.id)).toBeUndefined();
  });

  test("answers of different oracles and of different people are never joined to one comparison", () => {
    const judgments = [judged("a", "b", firstWins, { author: "Ann" }), judged("b", "a", firstWins, { author: "Bo" })];
    const matrix = buildDuelMatrix([a, b], judgments);
    expect(duelBetween(matrix, a.id, b.id)).toMatchObject({ probability: 0.5, outcomeCount: 2 });
    expect(matrix.counts).toMatchObject({ bothOrders: 0, flipped: 0 });
    const oracles = [judged("a", "b", firstWins, { oracle: "x" }), judged("b", "a", firstWins, { oracle: "y" })];
    expect(buildDuelMatrix([a, b], oracles).counts.bothOrders).toBe(0);
  });

  test("both bad in one order only is a disagreement, in both orders it is both bad", () => {
    const bad = { kind: "bothBad" } as const;
    const once = buildDuelMatrix([a, b], [judged("a", "b", bad), judged("b", "a", firstWins)]);
    expect(duelBetween(once, a.id, b.id)).toMatchObject({ probability: 0.5, isBothBad: false });
    const twice = buildDuelMatrix([a, b], [judged("a", "b", bad), judged("b", "a", bad)]);
    expect(duelBetween(twice, a.id, b.id)).toMatchObject({ probability: 0.5, isBothBad: true });
  });

  test("a lone order counts for people and not where both are required", () => {
    const lone = [judged("b", "a", firstWins)];
    expect(probability(buildDuelMatrix([a, b], lone), "b", "a")).toBe(1);
    expect(probability(buildDuelMatrix([a, b], lone, { requireBothOrders: true }), "b", "a")).toBeUndefined();
  });

  test("an oracle that always picks the first slot gives a flat matrix (P13)", () => {
    const judgments = [a, b, c].flatMap((x) => [a, b, c].filter((y) => y !== x).map((y) => judged(x.id, y.id, firstWins)));
    const rates = expectedWinRates(buildDuelMatrix([a, b, c], judgments), [a, b, c], "vsPolicy");
    expect(rates.map((rate) => rate.winRate)).toEqual([0.5, 0.5, 0.5]);
  });
});

test("repeats and oracles are averaged: two wins and a loss are two thirds", () => {
  const matrix = buildDuelMatrix(
    [a, b],
    [...bothOrders("a", "b"), judged("a", "b", firstWins, { author: "Ann" }), judged("a", "b", secondWins, { author: "Bo" })],
  );
  expect(probability(matrix, "a", "b")).toBeCloseTo(2 / 3, 12);
  expect(duelBetween(matrix, a.id, b.id)?.outcomeCount).toBe(3);
});

test("both bad counts one half and is remembered", () => {
  const matrix = buildDuelMatrix([a, b], [judged("a", "b", { kind: "bothBad" })]);
  expect(duelBetween(matrix, a.id, b.id)).toMatchObject({ probability: 0.5, isBothBad: true });
  expect(matrix.counts).toMatchObject({ bothBad: 1, ties: 0 });
});

test("judgments of a duplicate count for the text, those of single criteria and strangers do not", () => {
  const twice = candidate("a", { memberIds: [responseId("a"), responseId("z")], count: 2, ownCount: 2 });
  const matrix = buildDuelMatrix(
    [twice, b],
    [judged("z", "b", firstWins), judged("z", "a", firstWins), judged("a", "b", secondWins, { criterion: "style" }), judged("a", "x", secondWins)],
  );
  expect(probability(matrix, "a", "b")).toBe(1);
  expect(matrix.counts.usable).toBe(1);
});

const verdicts = fc.constantFrom(firstWins, secondWins, tie, { kind: "bothBad" } as const, { kind: "abstains" } as const);
const pairs = fc.constantFrom(["a", "b"], ["b", "a"], ["a", "c"], ["c", "a"], ["b", "c"], ["c", "b"]);

test("P(i > j) + P(j > i) = 1, and neither the order nor the merging of judgments matters", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pairs, verdicts), { maxLength: 20 }), (drawn) => {
      const judgments = drawn.map(([[x = "a", y = "b"], verdict]) => judged(x, y, verdict));
      const matrix = buildDuelMatrix([a, b, c], judgments);
      expect(buildDuelMatrix([a, b, c], judgments.toReversed())).toEqual(matrix);
      for (const x of matrix.ids) {
        for (const y of matrix.ids) {
          const [p, q] = [preferenceProbability(matrix, x, y), preferenceProbability(matrix, y, x)];
          if (p === undefined) expect(q).toBeUndefined();
          else expect(p + (q ?? Number.NaN)).toBeCloseTo(1, 12);
        }
      }
    }),
  );
});

describe("expected win rates", () => {
  // a beats b and c, b beats c; a stands for 2 samples, t is the teacher's and beats all.
  const twice = candidate("a", { memberIds: [responseId("a"), responseId("a2")], count: 2, ownCount: 2 });
  const teacher = candidate("t", { isTeacher: true });
  const all = [twice, b, c, teacher];
  const matrix = buildDuelMatrix(
    all,
    [
      ["a", "b"],
      ["a", "c"],
      ["b", "c"],
      ["t", "a"],
      ["t", "b"],
      ["t", "c"],
    ].flatMap(([x = "", y = ""]) => bothOrders(x, y)),
  );
  const rates = (form: "vsPolicy" | "vsAll") => expectedWinRates(matrix, all, form).map((rate) => rate.winRate);

  test("vsPolicy averages over the policy's other samples, duplicates by their count, the own copy at one half", () => {
    // a: copies (1/2), b, c of 3 others; b: a twice (0), c; c: none; t: all four.
    expect(rates("vsPolicy")).toEqual([2.5 / 3, 1 / 3, 0, 1]);
  });

  test("vsAll adds the teacher's response", () => {
    expect(rates("vsAll")).toEqual([2.5 / 4, 1 / 4, 0, 1]);
  });

  test("with K + 1 different responses vsAll is the paper's 1/K of the wins against the K others", () => {
    const distinct = [a, b, c, teacher];
    const wins = expectedWinRates(matrix, distinct, "vsAll").map((rate) => (rate.winRate ?? 0) * 3);
    expect(wins).toEqual([2, 1, 0, 3]);
  });

  test("weighted by counts, the policy's own rates average to one half", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
        fc.array(verdicts, { minLength: 6, maxLength: 6 }),
        (counts, drawn) => {
          const ids = counts.map((count, i) => candidate(`q${i}`, { count, ownCount: count }));
          let k = 0;
          const complete = ids.flatMap((x, i) =>
            ids.slice(i + 1).map((y) => {
              const verdict = drawn[k++ % drawn.length] ?? tie;
              return judged(x.id, y.id, verdict.kind === "abstains" ? tie : verdict);
            }),
          );
          const total = counts.reduce((sum, count) => sum + count, 0);
          const mean = expectedWinRates(buildDuelMatrix(ids, complete), ids, "vsPolicy").reduce(
            (sum, rate, i) => sum + (rate.winRate ?? Number.NaN) * (counts[i] ?? 0),
            0,
          );
          expect(mean / total).toBeCloseTo(0.5, 12);
        },
      ),
    );
  });

  test("own copies alone are no rate while others wait to be judged, but they are where there are no others", () => {
    expect(expectedWinRates(buildDuelMatrix([twice, b], []), [twice, b], "vsPolicy").map((rate) => rate.winRate)).toEqual([null, null]);
    const collapsed = [candidate("a", { count: 5, ownCount: 5 }), teacher];
    const teacherWins = buildDuelMatrix(collapsed, bothOrders("t", "a"));
    expect(expectedWinRates(teacherWins, collapsed, "vsPolicy").map((rate) => rate.winRate)).toEqual([0.5, 1]);
  });

  test("without an opponent there is no rate; missing entries are left out and counted", () => {
    expect(expectedWinRates(buildDuelMatrix([a], []), [a], "vsPolicy")).toEqual([{ id: "a", winRate: null, judgedWeight: 0, totalWeight: 0 }]);
    const partial = buildDuelMatrix([a, b, c], bothOrders("a", "b"));
    expect(expectedWinRates(partial, [a, b, c], "vsPolicy")[0]).toEqual({ id: "a", winRate: 1, judgedWeight: 1, totalWeight: 2 });
  });
});

test("scores of one listwise ask are a matrix of wins, losses and ties", () => {
  const matrix = duelMatrixFromScores(
    [a, b, c],
    new Map([
      [a.id, 5],
      [b.id, 3],
      [c.id, 5],
    ]),
  );
  expect([probability(matrix, "a", "b"), probability(matrix, "c", "b"), probability(matrix, "a", "c")]).toEqual([1, 1, 0.5]);
  expect(matrix.counts.ties).toBe(1);
  const partial = duelMatrixFromScores(
    [a, b, c],
    new Map([
      [a.id, 5],
      [b.id, 3],
      [responseId("stranger"), 6],
    ]),
  );
  expect(partial.counts).toMatchObject({ usable: 2, unusable: 1 });
  expect(probability(partial, "a", "c")).toBeUndefined();
});
