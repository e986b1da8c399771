/** A stage as it is shown, and the news that it has changed. */
import type { StageView } from "#app/contract/views.ts";
import type { Round, Stage, StageAttempt } from "#app/domain/round.ts";
import { STAGE_UNITS } from "#app/domain/stage-counts.ts";
import { precisionSentence } from "#app/rounds/sampling-precision.ts";
import { roundWords } from "#app/text/rounds.ts";
import { precisionsOf } from "#main/store/queries/attempt-precision.ts";
import { costOfAttempt } from "#main/store/queries/spending.ts";
import { verdictCounts } from "#main/store/queries/judgments.ts";
import { isComparison } from "#main/store/queries/matches.ts";
import { sampleCounts } from "#main/store/queries/responses.ts";
import { countsOf, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { changedSince } from "./kept-settings.ts";
import { deviceRemarks } from "./run-device.ts";
import { waitsForPeople } from "./people.ts";

export function publishStage(lab: LabContext, round: Round, stage: Stage, type: "stage.progressed" | "stage.changed"): void {
  const attempt = liveAttempts(lab.store.db, round.id).get(stage);
  lab.events.publish({ type, round: round.number, stage: stageView(lab, stage, attempt) });
}

/** The same for an attempt; a comparison is no stage of its round, its watchers read it again. */
export function publishAttempt(lab: LabContext, round: Round, attempt: StageAttempt, type: "stage.progressed" | "stage.changed"): void {
  if (isComparison(lab.store.db, attempt.id)) lab.events.publish({ type: type === "stage.progressed" ? "comparison.progressed" : "results.changed" });
  else publishStage(lab, round, attempt.stage, type);
}

/** `attempt` is the live one; undefined while the stage has none. */
export function stageView(lab: LabContext, stage: Stage, attempt: StageAttempt | undefined): StageView {
  if (attempt === undefined) return { ...WAITING, stage, unit: STAGE_UNITS[stage] };
  const reading = lab.rates.read(attempt.id, attempt.unitsDone, attempt.unitsTotal, lab.clock.nowMs());
  return {
    stage,
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    state: attempt.state,
    waitsForPeople: waitsForPeople(lab, attempt),
    judgeSilence: lab.rates.waitsFor(attempt.id),
    isPauseRequested: attempt.isPauseRequested,
    unit: STAGE_UNITS[stage],
    unitsDone: attempt.unitsDone,
    unitsTotal: attempt.unitsTotal,
    activeMs: attempt.activeMs + (attempt.state === "running" ? reading.runningMs : 0),
    rate: reading.rate,
    remainingMs: reading.remainingMs,
    costUsd: costOfAttempt(lab.store.db, attempt.id),
    error: attempt.error,
    remarks: [
      ...waits(lab, attempt),
      ...keeps(lab, attempt),
      ...deviceRemarks(lab, attempt.id),
      ...precisionsOf(lab.store.db, attempt.id).map((one) => precisionSentence(one.used, one)),
    ],
    counts: { ...liveCounts(lab, attempt), ...countsOf(lab.store.db, attempt.id) },
  };
}

function waits(lab: LabContext, attempt: StageAttempt): string[] {
  const sentence = lab.rates.waitsFor(attempt.id);
  return sentence === null ? [] : [sentence];
}

function keeps(lab: LabContext, attempt: StageAttempt): string[] {
  const changes = changedSince(lab, attempt);
  return changes.length === 0 ? [] : [roundWords.keeps(changes)];
}

const WAITING: Omit<StageView, "stage" | "unit"> = {
  attemptId: null,
  attemptNumber: null,
  state: "waiting",
  waitsForPeople: false,
  judgeSilence: null,
  isPauseRequested: false,
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

/** Counts that follow from what the run has written so far; the others are written down by the run itself. */
function liveCounts(lab: LabContext, attempt: StageAttempt): Record<string, number> {
  const { db } = lab.store;
  switch (attempt.stage) {
    case "sample":
      return sampleCounts(db, attempt.id);
    case "judge":
    case "evaluate":
      return verdictCounts(db, attempt.id);
    case "pair":
    case "train":
      return {};
    default:
      return attempt.stage satisfies never;
  }
}
