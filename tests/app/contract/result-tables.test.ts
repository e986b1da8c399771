/** Tables of results: a duel from either side, roles once each, and CSV that other tools read back. */
import { describe, expect, test } from "vitest";
import { duelBetween, isUnclear, resultTables, roundDuels, toCsv } from "#app/contract/result-tables.ts";
import type { CollapseWatchView } from "#app/contract/views.ts";
import { results } from "#tests/support/sample-results.ts";

const FIGURES = {
  responses: 100,
  tokens: 900,
  meanTokens: 9,
  klNats: 0,
  klStandardError: null,
  klNatsPerToken: 0,
  entropyNatsPerToken: 1.5,
  distinct: [0.5, 0.7, 0.9],
  finishedShare: 1,
  perplexity: 20,
  neutralTokens: 400,
} as const;
const WATCH: CollapseWatchView = {
  round: 1,
  first: { policy: "r0", ...FIGURES, distinct: [...FIGURES.distinct] },
  now: { policy: "r1", ...FIGURES, distinct: [...FIGURES.distinct], klNats: 2, klStandardError: 0.5 },
  warnings: ["It repeats itself.", "It varies little."],
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
    const tables = resultTables({ ...results, watch: [WATCH] });
    expect(tables.map((table) => [table.id, table.rows.length])).toEqual([
      ["win-rates", 5],
      ["head-to-head", 8],
      ["policies", 4],
      ["circles", 2],
      ["flips", 2],
      ["gain-on-the-teacher", results.rounds.filter((one) => one.gainOnTeacher !== null).length],
      // The first policy, and the one of the round beside it.
      ["collapse-watch", 2],
    ]);
    expect(resultTables({ ...results, watch: [] }).at(-1)?.rows).toEqual([]);
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
