/** What events change in what the page shows. */
import { describe, expect, it } from "vitest";
import { NO_NEWS, withMetricRows, withNews, withStage } from "#renderer/lab-client/apply-event.ts";
import { roundView, stageView } from "./sample-views.ts";

describe("what an event changes", () => {
  it("replaces the stage of its round and leaves the rest as it is", () => {
    const rounds = [roundView({ number: 1 }), roundView({ number: 2 })];
    const stage = stageView({ stage: "judge", state: "running", unitsDone: 7 });
    const changed = withStage(rounds, 2, stage);
    expect(changed[0]).toBe(rounds[0]);
    expect(changed[1]?.stages.map((one) => one.unitsDone)).toEqual([0, 7, 0, 0, 0]);
    expect(withStage(rounds, 3, stage)).toBe(rounds);
  });

  it("replaces the steps that were computed again after a resume", () => {
    const row = (step: number, loss: number) => ({ step, values: { loss } });
    const rows = [row(1, 0.7), row(2, 0.6), row(3, 0.5)];
    expect(withMetricRows(rows, [row(2, 0.61)])).toEqual([row(1, 0.7), row(2, 0.61)]);
    expect(withMetricRows([], [row(1, 0.7)])).toEqual([row(1, 0.7)]);
  });

  it("keeps the engine's death until the stage says itself what came of it", () => {
    const dead = withNews(NO_NEWS, { type: "engine.died", deaths: 2, message: "SIGKILL" });
    expect(dead.engineDeath).toEqual({ deaths: 2, message: "SIGKILL" });
    expect(withNews(dead, { type: "stage.progressed", round: 1, stage: stageView({ state: "running" }) }).engineDeath).not.toBeNull();
    expect(withNews(dead, { type: "stage.changed", round: 1, stage: stageView({ state: "failed" }) }).engineDeath).toBeNull();
  });

  it("drops the progress of a policy when it is complete", () => {
    const half = withNews(NO_NEWS, { type: "policy.progressed", message: "Converting", share: 0.5 });
    expect(half.policyProgress).toEqual({ message: "Converting", share: 0.5 });
    expect(withNews(half, { type: "policy.progressed", message: "Converting", share: 1 })).toEqual(NO_NEWS);
  });
});
