/** Equilibria, worst cases and cycles: against SciPy's linear programs, the games of known answer, and their laws. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { solveSymmetricGame } from "#app/statistics/constant-sum-game.kernel.ts";
import { findCycles } from "#app/statistics/cycles.ts";
import { exploitabilityOf, nashMixture, worstCases } from "#app/statistics/exploitability.ts";
import { games, winRatesAgainst } from "#tests/support/games.ts";
import { fc } from "#tests/support/properties.ts";
import { player, tableFrom } from "./duels.ts";

const golden = z
  .object({ games: z.array(z.object({ name: z.string(), preferences: z.array(z.array(z.number())), shares: z.array(z.number()) })) })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/games.json", import.meta.url), "utf8"))).games;

function solve(preferences: readonly (readonly number[])[]): number[] {
  return Array.from(solveSymmetricGame(Float64Array.from(preferences.flat()), preferences.length) ?? []);
}

/** The most that any answer is preferred to the mixture, beyond one half. */
function exploitation(preferences: readonly (readonly number[])[], shares: readonly number[]): number {
  return Math.max(...preferences.map((row) => row.reduce((sum, p, j) => sum + p * (shares[j] ?? 0), 0))) - 0.5;
}

const names = (size: number): string[] => Array.from({ length: size }, (_, i) => `r${i}`);

/** P with P_ij + P_ji = 1 and steps of a hundredth, so that ties and clones come up. */
const preferenceTable = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.array(fc.integer({ min: 0, max: 100 }), { minLength: size * size, maxLength: size * size }).map((draws) =>
    Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (__, j) => {
        const drawn = (draws[Math.min(i, j) * size + Math.max(i, j)] ?? 50) / 100;
        return i === j ? 0.5 : i < j ? drawn : 1 - drawn;
      }),
    ),
  ),
);

describe("the equilibrium", () => {
  test.each(golden)("of $name is SciPy's", ({ preferences, shares }) => {
    const solved = solve(preferences);
    expect(solved).toHaveLength(shares.length);
    solved.forEach((share, i) => {
      expect(share).toBeCloseTo(shares[i] ?? Number.NaN, 9);
    });
  });

  test.each(games)("of $name is the known one", (game) => {
    const solved = solve(game.matrix);
    solved.forEach((share, i) => {
      expect(share).toBeCloseTo(game.equilibrium[i] ?? Number.NaN, 12);
    });
    expect(Math.max(...winRatesAgainst(game, solved)) - 0.5).toBeLessThan(1e-12);
  });

  test("of a cycle with margins a, b, c is (b, a, c) / (a + b + c)", () => {
    const margin = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(margin, margin, margin, (a, b, c) => {
        // R beats S by a, S beats P by b, P beats R by c.
        const solved = solve([
          [0.5, 0.5 - c, 0.5 + a],
          [0.5 + c, 0.5, 0.5 - b],
          [0.5 - a, 0.5 + b, 0.5],
        ]);
        [b, a, c].forEach((part, i) => {
          expect(solved[i]).toBeCloseTo(part / (a + b + c), 9);
        });
      }),
    );
  });

  test("is beaten by nothing, with ties, clones and any size up to 40", () => {
    fc.assert(
      fc.property(preferenceTable, (preferences) => {
        const solved = solve(preferences);
        expect(solved.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...solved)).toBeGreaterThanOrEqual(0);
        expect(exploitation(preferences, solved)).toBeLessThan(1e-10);
      }),
      { numRuns: 300 },
    );
    const large = Array.from({ length: 40 }, (_, i) => Array.from({ length: 40 }, (__, j) => 0.5 + 0.4 * Math.sin(3 * (i - j) + (i - j) ** 3)));
    expect(exploitation(large, solve(large))).toBeLessThan(1e-10);
  });

  test("a clone of an answer changes nobody's exploitability", () => {
    const [rps] = games;
    const clone = rps?.matrix.map((row) => [...row, row[0] ?? 0.5]) ?? [];
    const withClone = [...clone, [...(clone[0] ?? [])]];
    expect(exploitation(withClone, solve(withClone))).toBeLessThan(1e-12);
  });
});

describe("exploitability and the worst case", () => {
  test.each(games)("$name: each answer alone, the winner by mean preference, and the mixture", (game) => {
    const all = names(game.matrix.length);
    const table = tableFrom(all, game.matrix, 0);
    const borda = all.map((_, i) => (i === game.bordaWinner ? 1 : 0));
    expect(exploitabilityOf(table, borda).value).toBeCloseTo(game.bordaExploitability, 12);
    expect(Math.max(0, 0.5 - (worstCases(table)[game.bordaWinner]?.winRate ?? 0))).toBeCloseTo(game.bordaExploitability, 12);
    const mixture = nashMixture(table);
    expect(mixture?.exploitability).toEqual({ value: 0, low: 0, high: 0 });
    mixture?.shares.forEach(({ share }, i) => {
      expect(share).toBeCloseTo(game.equilibrium[i] ?? Number.NaN, 9);
    });
  });

  test("the interval of a worst case runs from the least low to the least high, whichever opponent that is", () => {
    const table = tableFrom(
      ["a", "b", "c"],
      [
        [null, 0.6, 0.45],
        [0.4, null, null],
        [0.55, null, null],
      ],
    );
    expect(worstCases(table)[0]).toEqual({ player: "a", opponent: "c", winRate: 0.45, low: 0.4, high: 0.5, met: 2, opponents: 2 });
    expect(worstCases(table)[1]).toMatchObject({ opponent: "a", met: 1, opponents: 2 });
    // b and c have not met: no mixture can be told.
    expect(nashMixture(table)).toBeUndefined();
    expect(() => exploitabilityOf(table, [0, 1, 0])).toThrow(/have not met/u);
  });

  test("a mixture's interval is of the same mixture of the duels' ends", () => {
    const rps = tableFrom(names(3), games[1]?.matrix ?? [], 0.05);
    const { exploitability } = nashMixture(rps) ?? {};
    expect(exploitability?.value).toBe(0);
    // A third is the policy itself, which is never beaten by itself: two thirds of .05.
    expect(exploitability?.high).toBeCloseTo(0.1 / 3, 12);
    expect(exploitability?.low).toBe(0);
  });
});

describe("cycles", () => {
  test("are counted by rates and marked only where each interval is clear", () => {
    const ring = tableFrom(names(3), games[2]?.matrix ?? [], 0.05);
    expect(findCycles(ring)).toEqual({ triples: 1, triplesMeasured: 1, clear: [{ players: ["r0", "r2", "r1"], weakest: 0.6 }] });
    expect(findCycles(tableFrom(names(3), games[2]?.matrix ?? [], 0.11))).toEqual({ triples: 1, triplesMeasured: 1, clear: [] });
  });

  test("transitive preferences have none, five that beat two each have five", () => {
    expect(findCycles(tableFrom(names(3), games[4]?.matrix ?? [], 0)).triples).toBe(0);
    const five = golden.find((game) => game.name.startsWith("five"))?.preferences ?? [];
    const cycles = findCycles(tableFrom(names(5), five, 0.1));
    expect([cycles.triples, cycles.triplesMeasured, cycles.clear.length]).toEqual([5, 10, 5]);
  });

  test("every cycle found goes round, and triples are as many as a count of scores says (Kendall)", () => {
    fc.assert(
      fc.property(preferenceTable, (preferences) => {
        const size = preferences.length;
        const table = tableFrom(names(size), preferences, 0);
        const cycles = findCycles(table);
        const hasTie = preferences.some((row, i) => row.some((p, j) => i !== j && p === 0.5));
        if (!hasTie) {
          const wins = preferences.map((row) => row.filter((p) => p > 0.5).length);
          const choose3 = Math.max(0, (size * (size - 1) * (size - 2)) / 6);
          expect(cycles.triples).toBe(choose3 - wins.reduce((sum, w) => sum + (w * (w - 1)) / 2, 0));
        }
        for (const { players } of cycles.clear) {
          players.forEach((one, i) => {
            const next = players[(i + 1) % players.length] ?? one;
            expect(preferences[table.players.indexOf(one)]?.[table.players.indexOf(next)]).toBeGreaterThan(0.5);
          });
        }
      }),
    );
  });

  test("a ring of four is found where its diagonals have not met", () => {
    const table = tableFrom(names(4), [
      [null, 0.8, null, 0.2],
      [0.2, null, 0.8, null],
      [null, 0.2, null, 0.8],
      [0.8, null, 0.2, null],
    ]);
    expect(findCycles(table).clear).toEqual([{ players: ["r0", "r1", "r2", "r3"].map(player), weakest: 0.8 }]);
    expect(findCycles(table).triplesMeasured).toBe(0);
  });
});
