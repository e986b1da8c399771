/** How an experiment on the list stands, in words. */
import { describe, expect, it } from "vitest";
import type { ExperimentCard, RoundCard } from "#app/contract/host.ts";
import { STAGES } from "#app/domain/round.ts";
import { nowText, stageShares } from "#renderer/experiments/card-text.ts";

type StageCard = RoundCard["stages"][number];

const CARD: ExperimentCard = {
  key: "k",
  folder: "/e",
  name: "e",
  openedAtMs: 0,
  isOpen: true,
  problem: null,
  policy: "r0",
  promptCount: 3,
  roundCount: 1,
  lastRound: null,
  best: null,
};

/** A round whose first stage is done and whose second stands as given. */
function at(second: Partial<StageCard>, card: Partial<ExperimentCard> = {}): ExperimentCard {
  const waiting = { waitsForPeople: false, unit: "comparisons", unitsDone: 0, unitsTotal: null };
  const stages = STAGES.map((stage, i): StageCard => ({ ...waiting, stage, state: i === 0 ? "done" : "waiting", ...(i === 1 ? second : {}) }));
  return { ...CARD, lastRound: { number: 4, isDone: false, stages }, ...card };
}

describe("the state of an experiment", () => {
  it.each([
    [{ ...CARD, policy: null }, "Needs a policy"],
    [{ ...CARD, promptCount: 0 }, "Needs prompts"],
    [CARD, "Not started"],
    [at({ state: "running", unitsDone: 3318, unitsTotal: 6000 }), "Round 4, judging: 3,318 of 6,000"],
    [at({ state: "running", unitsDone: 3318, unitsTotal: 6000 }, { isOpen: false }), "Round 4, interrupted in judging"],
    [at({ state: "running", waitsForPeople: true, unitsDone: 5, unitsTotal: 6 }), "Round 4, waits for people: 1 comparison"],
    [at({ state: "paused" }), "Round 4, paused in judging"],
    [at({ state: "failed" }), "Round 4, stopped in judging"],
    [at({}), "Round 4, before judging"],
    [{ ...CARD, lastRound: { number: 2, isDone: true, stages: [] } }, "Round 2, done"],
  ] satisfies readonly (readonly [ExperimentCard, string])[])("is said", (card, text) => {
    expect(nowText(card)).toBe(text);
  });

  it("shows how much of each stage is done, of a round that is not", () => {
    expect(stageShares(at({ state: "running", unitsDone: 3, unitsTotal: 4 }))).toEqual([1, 0.75, 0, 0, 0]);
    expect(stageShares({ ...CARD, lastRound: { number: 2, isDone: true, stages: [] } })).toEqual([]);
  });
});
