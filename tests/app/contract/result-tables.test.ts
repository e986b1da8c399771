/** Tables of results: a duel from either side, roles once each, and CSV that other tools read back. */
import { describe, expect, test } from "vitest";
import { duelBetween, isUnclear, resultTables, roundDuels, toCsv } from "#app/contract/result-tables.ts";
import type { DuelView, PlayerView, ResultSummary } from "#app/contract/result-views.ts";

function duel(first: string, second: string, winRate: number): DuelView {
  const counts = { n: 100, missing: 2, won: 60, lost: 30, tied: 10, bothOrders: 90, ordersDisagree: 9 };
  const control = {
    kind: "estimated",
    formula: "minimal",
    winRate: winRate - 0.05,
    standardError: 0.04,
    low: winRate - 0.15,
    high: winRate + 0.05,
    isExtreme: false,
  } as const;
  return {
    first,
    second,
    ...counts,
    winRate,
    standardError: 0.05,
    low: winRate - 0.1,
    high: winRate + 0.1,
    interval: "maxTBootstrap",
    meanLength: 120,
    opponentMeanLength: 100,
    lengthControlled: control,
  };
}

function player(name: string): PlayerView {
  const traits = { n: 1, meanCharacters: 1, meanTokens: 1, finishedShare: 1, repetitiveShare: 0, distinctPairs: null, natsPerToken: null };
  return { name, kind: name === "teacher" ? "teacher" : "policy", round: null, traits, worstCase: null, mixtureShare: null, rating: null };
}

const round = { trainingFlips: null, gainOnTeacher: null, first: "r0" } as const;
const results: ResultSummary = {
  split: "validation",
  prompts: 100,
  confidence: 0.95,
  players: ["r0", "r1", "r2", "teacher"].map(player),
  duels: [duel("r1", "r0", 0.65), duel("r2", "r1", 0.55), duel("r2", "r0", 0.6), duel("r1", "teacher", 0.2)],
  rounds: [
    { ...round, round: 1, policy: "r1", previous: "r0", worst: "r2" },
    { ...round, round: 2, policy: "r2", previous: "r1", worst: "r1" },
  ],
  cycles: { triples: 0, triplesMeasured: 1, clear: [] },
  circles: {
    verdict: "scorePossible",
    sentence: "In 1 of 8 triples the verdicts run in a circle.",
    circular: { cases: 8, ofKind: 1, share: 0.125, low: 0.02, high: 0.5, clusters: 4 },
    drawnIn: { cases: 2, ofKind: 1, share: 0.5, low: 0.1, high: 0.9, clusters: 1 },
    rounds: [{ round: 1, triples: 8, circular: 1, fourths: 2, drawnIn: 1 }],
  },
  mixture: null,
  choice: null,
  unmetPairs: 2,
  judgedBy: ["Ada"],
};

describe("a duel", () => {
  test("seen from the other side is turned in every part", () => {
    const back = duelBetween(results, "r0", "r1");
    expect(back).toMatchObject({ first: "r0", second: "r1", won: 30, lost: 60, tied: 10, meanLength: 100, opponentMeanLength: 120, bothOrders: 90 });
    expect([back?.winRate, back?.low, back?.high].map((share) => share?.toFixed(3))).toEqual(["0.350", "0.250", "0.450"]);
    expect(back?.lengthControlled).toMatchObject({ kind: "estimated" });
    expect(duelBetween(results, "r0", "teacher")).toBeUndefined();
  });

  test("is unclear where its interval holds one half, and under twenty prompts", () => {
    expect(isUnclear({ low: 0.51, high: 0.7, n: 20 })).toBe(false);
    expect(isUnclear({ low: 0.5, high: 0.7, n: 20 })).toBe(true);
    expect(isUnclear({ low: 0.51, high: 0.7, n: 19 })).toBe(true);
  });
});

test("a round's opponents come once each, with all their roles", () => {
  expect(roundDuels(results).map(({ round: number, policy, roles, duel: { second } }) => [number, policy, second, roles.join(" ")])).toEqual([
    [1, "r1", "r0", "previous first"],
    [1, "r1", "teacher", "teacher"],
    [1, "r1", "r2", "worst"],
    [2, "r2", "r1", "previous worst"],
    [2, "r2", "r0", "first"],
  ]);
});

describe("tables", () => {
  test("hold each cell of the matrix once, and every row is as wide as its head", () => {
    const tables = resultTables(results);
    expect(tables.map((table) => [table.id, table.rows.length])).toEqual([
      ["win-rates", 5],
      ["head-to-head", 8],
      ["policies", 4],
      ["circles", 2],
      ["flips", 2],
      ["gain-on-the-teacher", results.rounds.filter((one) => one.gainOnTeacher !== null).length],
    ]);
    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  test("as CSV quote what would break a row", () => {
    const csv = toCsv({
      columns: ["a", "b"],
      rows: [
        ['say "yes", or no', null],
        ["two\nlines", 0.1],
      ],
    });
    expect(csv).toBe('a,b\r\n"say ""yes"", or no",\r\n"two\nlines",0.1\r\n');
  });
});
