/** What can be done next, for every state of a round. */
import { describe, expect, it } from "vitest";
import { mainAction, redoableStages, stagesRedone } from "#renderer/rounds/round-actions.ts";
import { experimentView, roundView } from "./sample-views.ts";

describe("what can be done next", () => {
  it("asks for a policy, then for prompts, before the first round", () => {
    expect(mainAction(experimentView({ policies: [] }), [])).toEqual({ kind: "none", lacks: "policy" });
    expect(mainAction(experimentView({ prompts: { training: 0, validation: 5, test: 0 } }), [])).toEqual({ kind: "none", lacks: "prompts" });
    expect(mainAction(experimentView(), [])).toEqual({ kind: "start", label: "Start round 1" });
  });

  it("starts the next round when the newest is done", () => {
    expect(mainAction(experimentView(), [roundView({ isDone: true })])).toEqual({ kind: "start", label: "Start round 2" });
  });

  it("pauses what runs, and says when it is pausing", () => {
    const running = roundView({ isRunning: true }, { sample: { state: "running" } });
    expect(mainAction(experimentView(), [running])).toEqual({ kind: "pause", isPending: false });
    const pausing = roundView({ isRunning: true }, { sample: { state: "running", isPauseRequested: true } });
    expect(mainAction(experimentView(), [pausing])).toEqual({ kind: "pause", isPending: true });
  });

  it("goes on with what was paused, killed or failed", () => {
    const of = (state: "paused" | "running" | "failed") => mainAction(experimentView(), [roundView({}, { sample: { state } })]);
    expect(of("paused")).toEqual({ kind: "resume", label: "Go on" });
    expect(of("running")).toEqual({ kind: "resume", label: "Go on" });
    expect(of("failed")).toEqual({ kind: "resume", label: "Try again" });
  });

  it("starts the open stage of a round that was stopped between two stages", () => {
    expect(mainAction(experimentView(), [roundView({}, { sample: { state: "done" } })])).toEqual({ kind: "start", label: "Go on" });
  });

  it("sends people to the comparisons that wait for them, also while the round counts as running", () => {
    const stages = { sample: { state: "done" }, judge: { state: "running", waitsForPeople: true, unitsDone: 1, unitsTotal: 4 } } as const;
    for (const isRunning of [true, false]) {
      expect(mainAction(experimentView(), [roundView({ isRunning }, stages)])).toEqual({ kind: "judge", comparisons: 3 });
    }
  });

  it("redoes only stages that were run, and those after them", () => {
    const round = roundView({}, { sample: { attemptId: "a" }, judge: { attemptId: "b" }, pair: { attemptId: "c" } });
    expect(redoableStages(round).map((stage) => stage.stage)).toEqual(["sample", "judge", "pair"]);
    expect(stagesRedone(round, "judge")).toEqual(["judge", "pair"]);
  });
});
