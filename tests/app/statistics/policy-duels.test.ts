/** The duel matrix: counts and rates by hand, symmetry, and intervals that are those of an evaluation. */
import { describe, expect, test } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { duelsOf, duelTable, pairedDifference, tableAmong, turned } from "#app/statistics/policy-duels.ts";
import { simultaneousIntervals } from "#app/statistics/simultaneous-intervals.ts";
import { player } from "./duels.ts";
import { outcomesOf, record } from "./support.ts";

const settings = { confidence: 0.95, bootstrapSamples: 500, seed: 3 };
const [a, b, c] = [player("a"), player("b"), player("c")];

describe("duels", () => {
  test("count wins, losses, ties and what is missing; a probability counts as a win or a loss and for what it is", () => {
    const [duel] = duelsOf([{ first: a, second: "teacher", outcomes: outcomesOf([1, 1, 0, 0.5, null, 0.7]) }], settings);
    expect(duel).toMatchObject({ first: "a", second: "teacher", n: 5, missing: 1, won: 3, lost: 1, tied: 1, interval: "wilson" });
    expect(duel?.winRate).toBeCloseTo(3.2 / 5, 12);
  });

  test("have the intervals that hold together over all pairs", () => {
    const pairs = [
      { first: a, second: b, outcomes: outcomesOf(record(60, 10, 30)) },
      { first: b, second: c, outcomes: outcomesOf(record(40, 20, 40)) },
      { first: a, second: c, outcomes: outcomesOf(record(12, 0, 3)) },
    ];
    const means = simultaneousIntervals(
      pairs.map((pair) => pair.outcomes),
      settings,
    );
    const duels = duelsOf(pairs, settings);
    expect(duels.map(({ low, high, interval }) => ({ low, high, interval }))).toEqual(
      means.map(({ low, high, interval }) => ({ low, high, interval })),
    );
    expect(duels.map((duel) => duel.interval)).toEqual(["maxTBootstrap", "maxTBootstrap", "wilson"]);
    const [alone] = duelsOf(pairs.slice(0, 1), settings);
    expect((duels[0]?.high ?? 0) - (duels[0]?.low ?? 0)).toBeGreaterThan((alone?.high ?? 0) - (alone?.low ?? 0));
  });

  test("are the same seen from the other side, turned", () => {
    const outcomes = outcomesOf(record(60, 10, 30));
    const back = outcomes.map((one) => ({ ...one, score: one.score === null ? null : 1 - one.score }));
    const [there] = duelsOf([{ first: a, second: b, outcomes }], settings);
    const [here] = duelsOf([{ first: b, second: a, outcomes: back }], settings);
    if (there === undefined || here === undefined) throw new Error("expected two duels");
    const other = turned(there);
    expect(other).toMatchObject({ first: "b", second: "a", won: 30, lost: 60, tied: 10 });
    for (const key of ["winRate", "low", "high", "standardError"] as const) expect(other[key]).toBeCloseTo(here[key], 12);
    const table = duelTable([b, a], [there]);
    expect(table.cells[1]?.[0]).toEqual(there);
    expect(table.cells[0]?.[1]).toEqual(other);
    expect([table.cells[0]?.[0], tableAmong(table, [a]).cells]).toEqual([null, [[null]]]);
  });

  test("refuse a player against itself and a pair that comes twice", () => {
    const outcomes = outcomesOf([1]);
    expect(() => duelsOf([{ first: a, second: a, outcomes }], settings)).toThrow(/two different players/u);
    expect(() => {
      duelsOf(
        [
          { first: a, second: b, outcomes },
          { first: b, second: a, outcomes },
        ],
        settings,
      );
    }).toThrow(/come twice/u);
  });
});

describe("a paired comparison", () => {
  test("is of the prompts that both have, and by hand: differences 1, 0, -½, 1 have mean 3/8 and error .375", () => {
    const paired = pairedDifference(outcomesOf([1, 0, 0.5, 1, null, 1]), outcomesOf([0, 0, 1, 0, 1, null]), settings);
    expect(paired).toMatchObject({ n: 4, difference: 0.375, interval: "wilson" });
    expect(paired.standardError).toBeCloseTo(Math.sqrt((0.390625 + 0.140625 + 0.765625 + 0.390625) / 3) / 2, 12);
  });

  test("knows more than two separate means where prompts are hard for both alike", () => {
    const rng = rngFor(9, "paired");
    const hard = Array.from({ length: 200 }, () => rng.next() < 0.5);
    const first = hard.map((isHard) => (isHard ? 0 : rng.next() < 0.95 ? 1 : 0));
    const second = hard.map((isHard) => (isHard ? 0 : rng.next() < 0.8 ? 1 : 0));
    const paired = pairedDifference(outcomesOf(first), outcomesOf(second), settings);
    const separate = simultaneousIntervals([outcomesOf(first)], settings)[0];
    expect(paired.high - paired.low).toBeLessThan((separate?.high ?? 0) - (separate?.low ?? 0));
    expect(paired.low).toBeGreaterThan(0);
  });

  test("without a shared prompt says nothing", () => {
    expect(pairedDifference(outcomesOf([null]), outcomesOf([1]), settings)).toMatchObject({ n: 0, difference: 0, low: -1, high: 1 });
  });
});
