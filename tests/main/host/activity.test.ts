/** What goes on in a host's labs, and what of it is news. */
import { describe, expect, it } from "vitest";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { STAGES } from "#app/domain/round.ts";
import { activityOf, newsOf } from "#main/host/activity.ts";

const WAITING = {
  attemptId: null,
  attemptNumber: null,
  waitsForPeople: false,
  judgeSilence: null,
  isPauseRequested: false,
  unit: "steps",
  unitsDone: 0,
  unitsTotal: null,
  activeMs: 0,
  costUsd: null,
  rate: null,
  remainingMs: null,
  error: null,
  counts: {},
  remarks: [],
};

/** A round whose first `done` stages are done and whose next one stands as given. */
function round(done: number, open: Partial<StageView> = {}, over: Partial<RoundView> = {}): RoundView {
  const stages = STAGES.map((stage, i): StageView => ({ ...WAITING, stage, state: i < done ? "done" : "waiting", ...(i === done ? open : {}) }));
  const fixed = {
    number: 3,
    policy: "r2",
    newPolicy: null,
    pairCount: null,
    winRates: [],
    recommendation: null,
    watch: null,
  } satisfies Partial<RoundView>;
  return { ...fixed, stages, isRunning: open.state === "running", isDone: done === STAGES.length, ...over };
}

const training = round(3, { state: "running", unitsDone: 30, unitsTotal: 60 });

describe("activity", () => {
  it("counts what runs and tells the share of the run that is furthest behind", () => {
    expect(
      activityOf([
        { name: "Haiku", rounds: [training] },
        { name: "Tone", rounds: [round(5)] },
      ]),
    ).toEqual({
      runningCount: 1,
      share: 0.7,
      lines: ["Haiku: round 3, training"],
    });
    expect(
      activityOf([
        { name: "Haiku", rounds: [training] },
        { name: "Tone", rounds: [round(0, { state: "running" })] },
      ]).share,
    ).toBe(0);
    expect(activityOf([{ name: "Haiku", rounds: [] }])).toEqual({ runningCount: 0, share: null, lines: [] });
  });
});

describe("news", () => {
  it("is a round that is done, with what came of it, once", () => {
    const recommendation = { policy: "r3", verdict: "improved", sentence: "Use r3." } as const;
    const done = round(5, {}, { recommendation });
    expect(newsOf("Haiku", [training], [done])).toEqual([{ title: "Haiku: round 3 is done", body: "Use r3." }]);
    expect(newsOf("Haiku", [done], [done])).toEqual([]);
  });

  it("is a stage that failed, and people who are waited for", () => {
    expect(newsOf("Haiku", [training], [round(3, { state: "failed", error: "The loss was not a number." })])).toEqual([
      { title: "Haiku: round 3 stopped in training", body: "The loss was not a number." },
    ]);
    const waits = round(1, { state: "running", waitsForPeople: true, unitsDone: 2, unitsTotal: 3 });
    expect(newsOf("Haiku", [round(1, { state: "running" })], [waits])).toEqual([
      { title: "Haiku: people’s turn", body: "1 comparison waits in round 3." },
    ]);
    expect(newsOf("Haiku", [waits], [waits])).toEqual([]);
  });

  it("is nothing that a person began", () => {
    expect(newsOf("Haiku", [], [round(0, { state: "running" })])).toEqual([]);
    expect(newsOf("Haiku", [training], [round(3, { state: "paused" })])).toEqual([]);
  });
});
