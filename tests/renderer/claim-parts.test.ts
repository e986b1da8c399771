/** The reason that opens the results, cut at its rates: nothing is lost, and each rate leads to the answers behind it. */
import { expect, it } from "vitest";
import type { PlayerView, ResultSummary } from "#app/contract/result-views.ts";
import { claimParts } from "#renderer/results/claim-parts.ts";
import { results as sample } from "#tests/support/sample-results.ts";

const WORST: PlayerView["worstCase"] = { opponent: "r0", winRate: 0.6, low: 0.5, high: 0.7, met: 2, opponents: 2 };

function withReason(reason: string, changes: Partial<ResultSummary> = {}): ResultSummary {
  const players = sample.players.map((player) => (player.name === "r2" ? { ...player, worstCase: WORST } : player));
  return { ...sample, players, choice: { verdict: "noSignificantChange", recommended: "r2", headline: "Use r2.", reason }, ...changes };
}

const WINS = "r2 wins 55.0 % against r1 (95 % interval 45.0–65.0, n 100) and 60.0 % against r0 (50.0–70.0, n 100).";
const WORST_CASE = "r2 has the best worst case of all policies: 60.0 % (50.0–70.0), against r0.";

it("makes each rate, with its interval, the way to its answers", () => {
  const parts = claimParts(withReason(`${WINS} ${WORST_CASE}`));
  expect(parts.map(({ words }) => words).join("")).toBe(`${WINS} ${WORST_CASE}`);
  expect(parts.filter(({ leadsTo }) => leadsTo !== null)).toMatchObject([
    { words: "55.0 % against r1 (95 % interval 45.0–65.0, n 100)", leadsTo: { first: "r2", second: "r1" } },
    { words: "60.0 % against r0 (50.0–70.0, n 100)", leadsTo: { first: "r2", second: "r0" } },
    { words: "60.0 % (50.0–70.0)", leadsTo: { first: "r2", second: "r0" } },
  ]);
});

it("leads from figures of circles to the verdicts, and takes none of them for a rate", () => {
  const circular = { ...sample.circles.circular, ofKind: 1550, cases: 2818 };
  const sentence =
    "In 1,550 of 2,818 triples the verdicts run in a circle (55.0 %, 45.0–65.0). No score explains more than 55.0 %, so none explains them.";
  const circles = { ...sample.circles, verdict: "noScore", sentence, circular } as const;
  const parts = claimParts(withReason(`${sentence} ${WINS}`, { circles }));
  expect(parts.map(({ words }) => words).join("")).toBe(`${sentence} ${WINS}`);
  expect(parts.slice(0, 5)).toMatchObject([
    { words: "In ", leadsTo: null },
    { words: "1,550 of 2,818 triples the verdicts run in a circle (55.0 %, 45.0–65.0)", leadsTo: "verdicts" },
    { words: ". No score explains more than 55.0 %, so none explains them.", leadsTo: null },
    { words: " r2 wins ", leadsTo: null },
    { words: "55.0 % against r1 (95 % interval 45.0–65.0, n 100)", leadsTo: { first: "r2", second: "r1" } },
  ]);
});

it("leaves a reason without rates, and one that speaks of others, as it is", () => {
  const few = "Some policies were compared on 19 prompts only; a verdict needs 20.";
  expect(claimParts(withReason(few))).toEqual([{ words: few, leadsTo: null }]);
  expect(claimParts({ ...withReason(few), choice: null })).toEqual([]);
});
