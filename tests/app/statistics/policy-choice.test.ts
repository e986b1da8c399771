/** The choice of a policy: the verdict's table, and sentences that give each number with its doubt. */
import { describe, expect, test } from "vitest";
import { choosePolicy, type PolicyChoice } from "#app/statistics/policy-choice.ts";
import type { PolicyDuel } from "#app/statistics/policy-duels.ts";
import { games } from "#tests/support/games.ts";
import { player, tableFrom } from "./duels.ts";

function choiceOf(rates: readonly (readonly (number | null)[])[], halfWidth = 0.05, n = 100): PolicyChoice {
  const names = rates.map((_, i) => `r${i}`);
  const [first, previous, newest] = [names[0], names.at(-2), names.at(-1)].map((name) => player(name ?? "nobody"));
  if (first === undefined || previous === undefined || newest === undefined) throw new Error("expected two policies or more");
  return choosePolicy({
    table: tableFrom(names, rates, halfWidth, n),
    step: { first, previous, newest },
    nameOf: String,
    confidence: 0.95,
    circles: null,
  });
}

/** r_i against r_j from the upper triangle, row by row. */
function upper(size: number, ...values: readonly (number | null)[]): (number | null)[][] {
  const rates: (number | null)[][] = Array.from({ length: size }, () => Array.from({ length: size }, () => null));
  let k = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const value = values[k++] ?? null;
      const [row, column] = [rates[i], rates[j]];
      if (row !== undefined) row[j] = value;
      if (column !== undefined) column[i] = value === null ? null : 1 - value;
    }
  }
  return rates;
}

describe("which policy", () => {
  test.each([
    { name: "one clear step", rates: upper(2, 0.35), verdict: "improved", recommended: "r1", headline: "Use r1. It is a clear step forward." },
    {
      name: "one unclear step",
      rates: upper(2, 0.48),
      verdict: "noSignificantChange",
      recommended: "r1",
      headline: "No significant change: r1 is not clearly better than r0.",
    },
    { name: "one step back", rates: upper(2, 0.65), verdict: "worse", recommended: "r0", headline: "Stay with r0. r1 is a step back." },
    {
      name: "the second step is unclear and its worst case lower",
      rates: upper(3, 0.3, 0.35, 0.51),
      verdict: "noSignificantChange",
      recommended: "r1",
      headline: "Use r1. r2 is not a clear step forward.",
    },
    {
      name: "nothing is clear",
      rates: upper(3, 0.49, 0.5, 0.51),
      verdict: "noSignificantChange",
      recommended: "r1",
      headline: "No significant change so far. r2 is not a clear step forward.",
    },
    {
      name: "the winner that scores miss, newest first",
      rates: [...(games[3]?.matrix ?? [])].reverse().map((row) => [...row].reverse()),
      verdict: "noSignificantChange",
      recommended: "r2",
      headline: "No significant change: r2 is not clearly better than r1.",
    },
  ] as const)("$name", ({ rates, verdict, recommended, headline }) => {
    expect(choiceOf(rates)).toMatchObject({ verdict, recommended, headline });
  });

  test("a cycle is never called progress, though the newest clearly beats the one before", () => {
    // r1 beats r0, r2 beats r1, r0 beats r2.
    const choice = choiceOf(upper(3, 0.3, 0.7, 0.3));
    expect(choice.verdict).toBe("cycle");
    expect(choice.headline).toBe("Preferences go round: use r0, or the mixture.");
    expect(choice.reason).toContain("r0 beats r2, r2 beats r1 and r1 beats r0, so none of them is a step beyond the others.");
    expect(JSON.stringify(choice)).not.toContain("forward");
  });

  test("a cycle among policies that another beats does not matter to the choice", () => {
    const choice = choiceOf(upper(4, 0.3, 0.7, 0.2, 0.3, 0.2, 0.2));
    expect(choice).toMatchObject({ verdict: "improved", recommended: "r3" });
  });

  test("a cycle that is not clear is no cycle", () => {
    expect(choiceOf(upper(3, 0.46, 0.54, 0.46)).verdict).toBe("noSignificantChange");
  });

  test("where no score explains the verdicts on answers, a clear step is no progress either", () => {
    const table = tableFrom(["r0", "r1"], upper(2, 0.3), 0.05);
    const [first, newest] = [player("r0"), player("r1")];
    const circles = "In 90 of 100 triples the verdicts run in a circle.";
    const input = { table, step: { first, previous: first, newest }, nameOf: String, confidence: 0.95 };
    const choice = choosePolicy({ ...input, circles });
    expect(choice).toMatchObject({ verdict: "cycle", recommended: "r1", headline: "Verdicts run in circles: use r1 if it must be one policy." });
    expect(choice.reason).toMatch(/^In 90 of 100 triples the verdicts run in a circle\. So a win over one opponent is no step forward/u);
    expect(choosePolicy({ ...input, circles: null }).verdict).toBe("improved");
    const few = tableFrom(["r0", "r1"], upper(2, 0.3), 0.05, 19);
    expect(choosePolicy({ ...input, table: few, circles }).verdict).toBe("tooFew");
  });

  test("too few prompts, or none", () => {
    expect(choiceOf(upper(2, 0.1), 0.05, 19)).toEqual({
      verdict: "tooFew",
      recommended: null,
      headline: "Too few to tell.",
      reason: "Some policies were compared on 19 prompts only; a verdict needs 20.",
    });
    expect(choiceOf(upper(2, 0.1), 0.05, 20).verdict).toBe("improved");
    expect(choiceOf(upper(2, null))).toMatchObject({ verdict: "tooFew", headline: "Nothing is measured yet." });
  });

  test("a pair of old with too few prompts counts as not met; where it is the newest step, nothing is said", () => {
    const [r0, r1, r2] = [player("r0"), player("r1"), player("r2")];
    const few = (a: string, b: string): PolicyChoice => {
      const table = tableFrom(["r0", "r1", "r2"], upper(3, 0.35, 0.3, 0.4), 0.05);
      const isPair = (cell: PolicyDuel): boolean => [cell.first, cell.second].sort().join(" ") === `${a} ${b}`;
      const cells = table.cells.map((row) => row.map((cell) => (cell !== null && isPair(cell) ? { ...cell, n: 15 } : cell)));
      const step = { first: r0, previous: r1, newest: r2 };
      return choosePolicy({ table: { ...table, cells }, step, nameOf: String, confidence: 0.95, circles: null });
    };
    expect(few("r0", "r1")).toMatchObject({ verdict: "improved", recommended: "r2" });
    const withoutFirst = few("r0", "r2");
    expect(withoutFirst).toMatchObject({ verdict: "improved", recommended: "r2" });
    expect(withoutFirst.reason).not.toContain("against r0");
    expect(withoutFirst.reason).toContain("of what was measured (1 of 2 opponents)");
    expect(few("r1", "r2")).toMatchObject({
      verdict: "tooFew",
      recommended: null,
      reason: "Some policies were compared on 15 prompts only; a verdict needs 20.",
    });
  });

  test("a policy that was added is chosen too, and is not taken for a round's", () => {
    const table = tableFrom(["r0", "r1", "added"], upper(3, 0.35, 0.3, 0.4), 0.05);
    const [first, newest] = [player("r0"), player("r1")];
    const choice = choosePolicy({ table, step: { first, previous: first, newest }, nameOf: String, confidence: 0.95, circles: null });
    expect(choice).toMatchObject({ recommended: "added", headline: "Use added. r1 is not a clear step forward." });
    expect(choice.reason).toMatch(/^r1 wins 65\.0 % against r0 /u);
    expect(choosePolicy({ table, step: null, nameOf: String, confidence: 0.95, circles: null })).toMatchObject({
      verdict: "noSignificantChange",
      headline: "Use added.",
    });
  });

  test("the reason gives rates, intervals, counts, and how much of the pool was met", () => {
    expect(choiceOf(upper(3, 0.3, 0.35, 0.4)).reason).toBe(
      "r2 wins 60.0 % against r1 (95 % interval 55.0–65.0, n 100) and 65.0 % against r0 (60.0–70.0, n 100). r2 has the best worst case of all policies: 60.0 % (55.0–65.0), against r1.",
    );
    expect(choiceOf(upper(3, 0.3, null, 0.4)).reason).toContain("of what was measured (1 of 2 opponents)");
  });
});
