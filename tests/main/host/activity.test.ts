/** What goes on in a host's labs, and what of it is news. */
import { describe, expect, it, onTestFinished } from "vitest";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { STAGES } from "#app/domain/round.ts";
import { type Activity, activityOf, createActivityWatch, newsOf } from "#main/host/activity.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint, openReadyLab, runRound } from "../lab/support.ts";

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
        { name: "Haiku", rounds: [training], comparison: null },
        { name: "Tone", rounds: [round(5)], comparison: null },
      ]),
    ).toEqual({
      runningCount: 1,
      share: 0.7,
      lines: ["Haiku: round 3, training"],
    });
    expect(
      activityOf([
        { name: "Haiku", rounds: [training], comparison: null },
        { name: "Tone", rounds: [round(0, { state: "running" })], comparison: null },
      ]).share,
    ).toBe(0);
    expect(activityOf([{ name: "Haiku", rounds: [], comparison: null }])).toEqual({ runningCount: 0, share: null, lines: [] });
  });

  it("counts a comparison among policies that runs beside rounds that are done, not one that is paused or waits for people", () => {
    const comparison: StageView = { ...WAITING, stage: "evaluate", state: "running", unitsDone: 10, unitsTotal: 40 };
    const haiku = { name: "Haiku", rounds: [round(5)] };
    expect(activityOf([{ ...haiku, comparison }])).toEqual({ runningCount: 1, share: 0.25, lines: ["Haiku: comparing policies"] });
    for (const still of [{ ...comparison, state: "paused" } as const, { ...comparison, waitsForPeople: true }]) {
      expect(activityOf([{ ...haiku, comparison: still }]).runningCount).toBe(0);
    }
  });

  it("follows a comparison from its beginning to its end", async () => {
    const { promise: isSeen, resolve: goOn } = Promise.withResolvers<void>();
    let gate = Promise.resolve();
    const lab = await openReadyLab({}, { beforeUnit: () => gate });
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    await lab.client.policies.add({ path: makeCheckpoint(tempFolder(), "other"), name: "other" });
    gate = isSeen;
    const heard: Activity[] = [];
    const watch = createActivityWatch({ onActivity: (activity) => heard.push(activity), onNews: () => undefined });
    onTestFinished(() => {
      watch.close();
    });
    watch.follow({ client: () => Promise.resolve(lab.client), isClosed: () => false });
    await expect.poll(() => heard.at(-1)?.runningCount).toBe(0);
    await lab.client.results.compare({});
    await expect.poll(() => heard.at(-1)?.lines).toEqual([expect.stringMatching(/: comparing policies$/u)]);
    goOn();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    await expect.poll(() => heard.at(-1)?.runningCount).toBe(0);
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
