/** Stages and rounds in words. */
import { describe, expect, it } from "vitest";
import { NO_PAIR_COUNT, STAGE_COUNT, STAGE_UNITS } from "#app/domain/stage-counts.ts";
import { countForms, unitForms } from "#app/text/counts.ts";
import { comparisonsForPeople, detailsOf, figureOf, moodOf, roundText, stateText } from "#renderer/rounds/stage-text.ts";
import { roundView, stageView } from "./sample-views.ts";

const begun = { attemptId: "a", attemptNumber: 1, unitsTotal: 1200 } as const;

describe("a stage in words", () => {
  it("shows how it stands", () => {
    expect(stateText(stageView(), false)).toBe("waiting");
    expect(stateText(stageView({ ...begun, state: "running" }), true)).toBe("running");
    expect(stateText(stageView({ ...begun, state: "running", remainingMs: 45 * 60_000 }), true)).toBe("about 45 min left");
    expect(stateText(stageView({ ...begun, state: "running", isPauseRequested: true }), true)).toBe("pausing");
    expect(stateText(stageView({ ...begun, state: "running", waitsForPeople: true }), false)).toBe("people’s turn");
    expect(stateText(stageView({ ...begun, state: "paused" }), false)).toBe("paused");
    expect(stateText(stageView({ ...begun, state: "failed" }), false)).toBe("failed");
  });

  it("says that a judge gives no answer instead of when it would be done, and the sentence itself elsewhere", () => {
    const judgeSilence = "the endpoint here does not answer: no reply in time";
    const stage = stageView({
      ...begun,
      state: "running",
      activeMs: 60_000,
      rate: 3,
      remainingMs: 5000,
      judgeSilence,
      remarks: [judgeSilence, "on CUDA"],
    });
    expect(stateText(stage, true)).toBe("no answer");
    expect(detailsOf(stage, true)).toEqual(["1 min 00 s", "on CUDA"]);
    expect(stateText({ ...stage, isPauseRequested: true }, true)).toBe("pausing");
    expect(stateText(stage, false)).toBe("interrupted");
    expect(roundText(roundView({ isRunning: true }, { sample: { state: "done" }, judge: { state: "running", judgeSilence } }))).toBe(
      "judging, the judge gives no answer",
    );
  });

  it("calls a run that nobody carries on interrupted, whatever the record says", () => {
    const stage = stageView({ ...begun, state: "running" });
    expect(moodOf(stage, false)).toBe("resting");
    expect(stateText(stage, false)).toBe("interrupted");
  });

  it("counts what was done of how many", () => {
    expect(figureOf(stageView())).toEqual({ figure: null, unit: "responses" });
    expect(figureOf(stageView({ unitsTotal: 1200 }))).toEqual({ figure: "1,200", unit: "responses" });
    expect(figureOf(stageView({ ...begun, state: "running", unitsDone: 318 }))).toEqual({ figure: "318", unit: "of 1,200 responses" });
    expect(figureOf(stageView({ ...begun, state: "done", unitsDone: 1200 }))).toEqual({ figure: "1,200", unit: "responses" });
    expect(figureOf(stageView({ unitsTotal: 3, unit: "responses and comparisons" }))).toEqual({ figure: "3", unit: "answers" });
  });

  it("says time, rate and run, then the counts that are not the figure itself", () => {
    const stage = stageView({
      ...begun,
      attemptNumber: 2,
      state: "running",
      activeMs: 422_000,
      rate: 4.06,
      counts: { responses: 318, tokens: 12_345, tie: 2, bothBad: 1, invalid: 0, "flip rate": 0.1834 },
    });
    expect(detailsOf(stage, true)).toEqual(["7 min 02 s · 4.1 a second · run 2", "12,345 tokens · 2 ties · 1 both bad · flip rate 0.183"]);
    expect(detailsOf(stage, false)[0]).toBe("7 min 02 s · run 2");
    expect(detailsOf(stageView(), false)).toEqual([]);
  });

  it("says one of a kind as one, whatever the kind is called", () => {
    const counts = { "prompts without a pair": 1, "not the teacher's": 1, "both orders": 1, "held-out pairs": 1, "dropped pairs": 2 };
    const said = "1 prompt without a pair · 1 not the teacher's · 1 asked in both orders · 1 held-out pair · 2 dropped pairs";
    expect(detailsOf(stageView({ ...begun, state: "done", counts }), false)).toEqual([said]);
    expect(figureOf(stageView({ ...begun, unitsTotal: 1, state: "running" }))).toEqual({ figure: "0", unit: "of 1 response" });
  });

  it("words every count that is stored", () => {
    for (const name of [...Object.values(STAGE_COUNT), ...Object.values(NO_PAIR_COUNT)]) expect(countForms, name).toHaveProperty([name]);
    for (const unit of Object.values(STAGE_UNITS)) expect(unitForms, unit).toHaveProperty([unit]);
  });
});

describe("a round in words", () => {
  it("names the stage it is at and how that stands", () => {
    expect(roundText(roundView())).toBe("before sampling");
    expect(roundText(roundView({ isDone: true }))).toBe("done");
    const done = { sample: { state: "done" } } as const;
    expect(roundText(roundView({ isRunning: true }, { ...done, judge: { state: "running" } }))).toBe("judging");
    expect(roundText(roundView({}, { ...done, judge: { state: "running", waitsForPeople: true } }))).toBe("judging, waits for people");
    expect(roundText(roundView({}, { ...done, judge: { state: "paused" } }))).toBe("paused in judging");
    expect(roundText(roundView({}, { ...done, judge: { state: "failed" } }))).toBe("stopped in judging");
  });

  it("counts the comparisons that wait for people in the newest round only", () => {
    const waiting = { judge: { state: "running", waitsForPeople: true, unitsDone: 12, unitsTotal: 40 } } as const;
    expect(comparisonsForPeople([roundView({}, waiting)])).toBe(28);
    expect(comparisonsForPeople([roundView({}, waiting), roundView({ number: 2 })])).toBe(0);
    expect(comparisonsForPeople([])).toBe(0);
  });
});

it("what a stage has cost stands beside how long it took", () => {
  const stage = stageView({ state: "done", attemptId: "a", activeMs: 61_000, costUsd: 1.234 });
  expect(detailsOf(stage, false)[0]).toContain("cost $1.23");
  expect(detailsOf(stageView({ state: "done", attemptId: "a", activeMs: 61_000 }), false)[0]).not.toContain("cost");
});
