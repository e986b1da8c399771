/** The record of the embedded model's evidence: it says what is missing, counts what was asked for, and leaves no run out. */
import { expect, it } from "vitest";
import { EVIDENCE_ORACLES, type EvidenceOracle, type EvidenceRun, evidenceDraft, SEEDS } from "#tools/embedded-model/evidence.ts";

function run(oracle: EvidenceOracle, seed: number, more: Partial<EvidenceRun> = {}): EvidenceRun {
  const rates = { winRate: 0.7, low: 0.6, high: 0.8, n: 200, meanLength: 180, firstMeanLength: 150 };
  const share = { cases: 100, ofKind: 25, share: 0.25, low: 0.2, high: 0.3, clusters: 40 };
  const circles = { verdict: "scorePossible", circular: share, drawnIn: share } as const;
  return { circles, oracle, seed, ...rates, verdict: "improved", headline: "Use r2.", clearCycles: 0, seconds: 60, ...more };
}

const found = (runs: readonly EvidenceRun[]) => evidenceDraft(runs).tables?.[0]?.rows.map((row) => row.slice(2).join(": "));

it("says that it is incomplete until every seed was run with every oracle", () => {
  const all = EVIDENCE_ORACLES.flatMap((oracle) => SEEDS.map((seed) => run(oracle, seed)));
  expect(evidenceDraft(all).summary).toMatch(/^All 120 of 120 runs\./u);
  expect(evidenceDraft(all.slice(1)).summary).toMatch(/^INCOMPLETE: 119 of 120 runs; none that was made is left out/u);
  expect(evidenceDraft(all).tables?.[1]?.rows).toHaveLength(120);
});

it("counts seeds above one half, claims of a change, and rings", () => {
  expect(found([run("happy-ending", 1), run("happy-ending", 2, { winRate: 0.5 })])).toEqual([
    "mean win rate with its interval above 50 %: mean win rate 60.0 % (95 % interval 40.4–79.6)",
    "at least 36 of 40 seeds above 50 %: 1 of 2",
    "mean length within 20 %: +20.0 %; seed by seed from +20.0 to +20.0 %",
  ]);
  const unclear = { winRate: 0.5, verdict: "noSignificantChange" };
  expect(found([run("random", 1, unclear), run("random", 2, { winRate: 0.5, verdict: "worse" })])).toEqual([
    "at most 5 of 40 seeds claim a change: 1 of 2; the interval over r0 leaves 50 % in 2 of 2; mean win rate 50.0 % (95 % interval 50.0–50.0)",
    "no cycle is reported: 0 of 2 report one",
  ]);
  const circles = { ...run("cycle", 1).circles, verdict: "noScore" } as const;
  expect(found([run("cycle", 1, { ...unclear, circles, verdict: "cycle" }), run("cycle", 2, { ...unclear, clearCycles: 1 })])).toEqual([
    "the cycle is reported: 1 of 2, by verdicts on answers that no score explains; 1 show a clear ring of policies after two rounds",
    "no progress claimed: 0 of 2 claim it; mean win rate 50.0 % (95 % interval 50.0–50.0)",
  ]);
});
