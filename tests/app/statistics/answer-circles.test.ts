/** Circles among answers: counts by their definition, what no score can exceed, intervals against statsmodels, and words. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type AnswerCircles, answerCircles, MOST_CIRCULAR, MOST_DRAWN_IN } from "#app/statistics/answer-circles.ts";
import { circlesSentence } from "#app/statistics/circles-sentence.ts";
import { clusteredShare } from "#app/statistics/clustered-share.ts";
import { type CircleCounts, countCircles } from "#app/statistics/count-circles.kernel.ts";
import { games } from "#tests/support/games.ts";
import { fc } from "#tests/support/properties.ts";

const shareSchema = z.object({
  cases: z.number(),
  ofKind: z.number(),
  share: z.number(),
  clusters: z.number(),
  low: z.number(),
  high: z.number(),
});
const golden = z
  .object({
    cases: z.array(
      z.object({
        kind: z.string(),
        prompts: z.array(z.array(z.number().nullable())),
        counts: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
        circular: shareSchema,
        drawnIn: shareSchema,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/circles.json", import.meta.url), "utf8"))).cases;

/** The table of answers whose pairs, row by row above the diagonal, came out like this for the first of each. */
function tableOf(size: number, outcomes: readonly (number | null)[]): Float64Array {
  const shares = new Float64Array(size * size).fill(Number.NaN);
  pairsOf(size).forEach(([i, j], k) => {
    const share = outcomes[k] ?? null;
    if (share === null) return;
    shares[i * size + j] = share;
    shares[j * size + i] = 1 - share;
  });
  return shares;
}

function pairsOf(size: number): (readonly [number, number])[] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size - i - 1 }, (__, k) => [i, i + 1 + k] as const)).flat();
}

/** The counts expected where each pair is decided on its own, the row for itself with these probabilities. */
function expectedCounts(matrix: readonly (readonly number[])[]): CircleCounts {
  const pairs = pairsOf(matrix.length);
  const sum = { triples: 0, circular: 0, fourths: 0, drawnIn: 0 };
  for (let bits = 0; bits < 2 ** pairs.length; bits++) {
    const outcomes = pairs.map((_, k) => (bits >> k) & 1);
    const chance = pairs.reduce((product, [i, j], k) => {
      const p = matrix[i]?.[j] ?? 0.5;
      return product * (outcomes[k] === 1 ? p : 1 - p);
    }, 1);
    const counts = countCircles(tableOf(matrix.length, outcomes), matrix.length);
    sum.triples += chance * counts.triples;
    sum.circular += chance * counts.circular;
    sum.fourths += chance * counts.fourths;
    sum.drawnIn += chance * counts.drawnIn;
  }
  return sum;
}

/** P(i over j) of four answers of which the earlier have more of a score: never less for a greater gap. */
const byScore = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }).map((draws) => {
  const [ab = 0, bc = 0, cd = 0, acDraw = 0, bdDraw = 0, adDraw = 0] = draws.map((draw) => draw / 2);
  const above = (least: number, draw: number): number => least + (0.5 - least) * 2 * draw;
  const [ac, bd] = [above(Math.max(ab, bc), acDraw), above(Math.max(bc, cd), bdDraw)];
  const gaps = [
    [0, ab, ac, above(Math.max(ac, bd), adDraw)],
    [0, 0, bc, bd],
    [0, 0, 0, cd],
    [0, 0, 0, 0],
  ];
  return gaps.map((row, i) => row.map((gap, j) => 0.5 + (i < j ? gap : -(gaps[j]?.[i] ?? 0))));
});

describe("counting", () => {
  test.each(golden)("numpy's counts: $kind", ({ prompts, counts }) => {
    const found = prompts.map((shares) => {
      const table = Float64Array.from(shares, (share) => share ?? Number.NaN);
      const { triples, circular, fourths, drawnIn } = countCircles(table, Math.sqrt(table.length));
      return [triples, circular, fourths, drawnIn];
    });
    expect(found).toEqual(counts);
  });

  test("without ties there are C(n, 3) - Σ C(wins, 2) circles (Kendall and Babington Smith 1940)", () => {
    const tournament = fc
      .integer({ min: 3, max: 9 })
      .chain((size) =>
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: pairsOf(size).length, maxLength: pairsOf(size).length }).map((won) => ({ size, won })),
      );
    fc.assert(
      fc.property(tournament, ({ size, won }) => {
        const wins = Array.from({ length: size }, () => 0);
        pairsOf(size).forEach(([i, j], k) => {
          const winner = won[k] === 1 ? i : j;
          wins[winner] = (wins[winner] ?? 0) + 1;
        });
        const transitive = wins.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
        const triples = (size * (size - 1) * (size - 2)) / 6;
        expect(countCircles(tableOf(size, won), size)).toMatchObject({ triples, circular: triples - transitive });
      }),
    );
  });

  test("ties and comparisons that nobody made leave a triple undecided", () => {
    expect(countCircles(tableOf(3, [1, 0.5, 1]), 3)).toEqual({ triples: 0, circular: 0, fourths: 0, drawnIn: 0 });
    expect(countCircles(tableOf(3, [1, null, 1]), 3)).toEqual({ triples: 0, circular: 0, fourths: 0, drawnIn: 0 });
    // The circle is decided, its fourth against one of the three is not.
    expect(countCircles(tableOf(4, [1, 0, 0.5, 1, 1, 1]), 4)).toMatchObject({ circular: 1, fourths: 0 });
    expect(countCircles(new Float64Array(0), 0)).toEqual({ triples: 0, circular: 0, fourths: 0, drawnIn: 0 });
  });
});

describe("what a score explains", () => {
  test("at most a quarter of circular triples, and at most three quarters of fourth answers drawn in", () => {
    fc.assert(
      fc.property(byScore, (matrix) => {
        const { triples, circular, fourths, drawnIn } = expectedCounts(matrix);
        expect(circular).toBeLessThanOrEqual(MOST_CIRCULAR * triples + 1e-12);
        expect(drawnIn).toBeLessThanOrEqual(MOST_DRAWN_IN * fourths + 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  test("a coin reaches both", () => {
    const coin = Array.from({ length: 4 }, () => [0.5, 0.5, 0.5, 0.5]);
    expect(expectedCounts(coin)).toEqual({ triples: 4, circular: 1, fourths: 1, drawnIn: 0.75 });
  });

  test.each(games)("$name: circular as often as the product of a ring's probabilities says", ({ matrix }) => {
    const chance = (i: number, j: number, k: number): number => (matrix[i]?.[j] ?? 0) * (matrix[j]?.[k] ?? 0) * (matrix[k]?.[i] ?? 0);
    const size = matrix.length;
    let expected = 0;
    for (let i = 0; i < size; i++)
      for (let j = i + 1; j < size; j++) for (let k = j + 1; k < size; k++) expected += chance(i, j, k) + chance(i, k, j);
    expect(expectedCounts(matrix).circular).toBeCloseTo(expected, 12);
  });

  test("answers drawn evenly from three classes that go round, a coin within a class: no more circles than a coin's, yet most fourths are drawn in", () => {
    const sums = { triples: 0, circular: 0, fourths: 0, drawnIn: 0 };
    for (let draw = 0; draw < 81; draw++) {
      const classes = [draw % 3, Math.floor(draw / 3) % 3, Math.floor(draw / 9) % 3, Math.floor(draw / 27)];
      const counts = expectedCounts(classes.map((a) => classes.map((b) => (a === b ? 0.5 : (b - a + 3) % 3 === 1 ? 1 : 0))));
      for (const key of ["triples", "circular", "fourths", "drawnIn"] as const) sums[key] += counts[key] / 81;
    }
    expect(sums.circular / sums.triples).toBeCloseTo(1 / 4, 12);
    expect(sums.drawnIn / sums.fourths).toBeCloseTo(11 / 12, 12);
  });
});

describe("their shares", () => {
  const toCounts = ([triples, circular, fourths, drawnIn]: readonly [number, number, number, number]): CircleCounts => ({
    triples,
    circular,
    fourths,
    drawnIn,
  });

  test.each(golden)("have statsmodels' intervals, clustered by prompt: $kind", ({ counts, circular, drawnIn }) => {
    const found = answerCircles(counts.map(toCounts), 0.95);
    for (const [one, expected] of [
      [found.circular, circular],
      [found.drawnIn, drawnIn],
    ] as const) {
      expect(one).toMatchObject({ cases: expected.cases, ofKind: expected.ofKind, clusters: expected.clusters });
      for (const key of ["share", "low", "high"] as const) expect(one[key]).toBeCloseTo(expected[key], 9);
    }
  });

  test("take the whole confidence where only one is measured", () => {
    const three = Array.from({ length: 40 }, (_, i) => toCounts([1, i % 2, 0, 0]));
    expect(answerCircles(three, 0.95).circular).toEqual(
      clusteredShare(
        three.map(() => ({ cases: 1, ofKind: 0 })).map((one, i) => ({ ...one, ofKind: i % 2 })),
        0.95,
      ),
    );
  });

  test("where nothing varies, the cases of a prompt count as one", () => {
    const alike = Array.from({ length: 20 }, () => ({ cases: 10, ofKind: 10 }));
    const single = Array.from({ length: 20 }, () => ({ cases: 1, ofKind: 1 }));
    expect(clusteredShare(alike, 0.95).low).toBeCloseTo(clusteredShare(single, 0.95).low, 12);
    expect(clusteredShare([{ cases: 3, ofKind: 1 }], 0.95)).toMatchObject({ share: 1 / 3, clusters: 1 });
    expect(clusteredShare([], 0.95)).toEqual({ cases: 0, ofKind: 0, share: 0, clusters: 0, low: 0, high: 1 });
    expect(() => clusteredShare([{ cases: 1, ofKind: 2 }], 0.95)).toThrow("expected 0 to 1 cases of the kind, got 2");
  });

  test.each([
    [
      "circles beyond a quarter",
      [10, 5, 4, 2],
      40,
      "noScore",
      /^In 200 of 400 triples .* \(50 %, .*\)\. No score explains more than 25 %, so none explains them\.$/u,
    ],
    [
      "fourths drawn in",
      [10, 2, 4, 4],
      40,
      "noScore",
      /^In 80 of 400 triples .* \(20 %, .*\), and in 160 of 160 cases a fourth answer is drawn into the circle .* No score explains more than 75 %/u,
    ],
    ["a few circles", [10, 1, 2, 1], 40, "scorePossible", /^In 40 of 400 triples .*, no more than one score with noise explains\.$/u],
    ["no circle", [10, 0, 0, 0], 40, "none", /^None of 400 triples of answers to one prompt runs in a circle\.$/u],
    ["too few prompts", [10, 5, 4, 4], 19, "tooFew", /^In 95 of 190 triples .*; that is of 19 prompts, too few to say more\.$/u],
    ["nothing decided", [0, 0, 0, 0], 40, "unmeasured", /^No three answers to one prompt were all compared and decided/u],
  ] as const)("%s", (_, counts, prompts, verdict, sentence) => {
    const circles: AnswerCircles = answerCircles(
      Array.from({ length: prompts }, () => toCounts([...counts])),
      0.95,
    );
    expect(circles.verdict).toBe(verdict);
    expect(circlesSentence(circles, false)).toMatch(sentence);
  });

  test("scores side by side cannot run in circles, and the sentence says so", () => {
    expect(circlesSentence(answerCircles([], 0.95), true)).toMatch(/^Scores given side by side put answers in one order/u);
  });
});
