/** Stages that people judge: whether they are still waited for, and what their answers change. */
import { type Round, type StageAttempt, STAGES } from "#app/domain/round.ts";
import { askCount } from "#main/store/queries/asks.ts";
import { unansweredCount } from "#main/store/queries/judgments.ts";
import { lastComparison } from "#main/store/queries/matches.ts";
import { configOfAttempt, lastRound, liveAttempts, setUnits } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { publishAttempt } from "./publish.ts";

/** True while the attempt can only go on when people judge. */
export function waitsForPeople(lab: LabContext, attempt: StageAttempt): boolean {
  return isForPeople(lab, attempt) && unansweredCount(lab.store.db, attempt.id) > 0;
}

/** True if a stage of the round was waiting for people, and every comparison now has an answer. */
export function isAnsweredByPeople(lab: LabContext, round: Round): boolean {
  return isAnswered(lab, stageForPeople(lab, round));
}

/** The same for a comparison among policies. */
export function isComparisonAnswered(lab: LabContext): boolean {
  return isAnswered(lab, comparisonForPeople(lab));
}

function isAnswered(lab: LabContext, attempt: StageAttempt | undefined): boolean {
  return attempt !== undefined && unansweredCount(lab.store.db, attempt.id) === 0;
}

/** Counts people's answers as the units of the stage that waits for them. */
export function noteAnswers(lab: LabContext): void {
  const { db } = lab.store;
  lab.events.publish({ type: "queue.changed" });
  const round = lastRound(db);
  if (round === undefined) return;
  for (const attempt of [stageForPeople(lab, round), comparisonForPeople(lab)]) {
    if (attempt?.unitsTotal == null) continue;
    setUnits(db, attempt.id, attempt.unitsTotal - unansweredCount(db, attempt.id), attempt.unitsTotal);
    publishAttempt(lab, round, attempt, "stage.progressed");
  }
}

function comparisonForPeople(lab: LabContext): StageAttempt | undefined {
  const attempt = lastComparison(lab.store.db);
  return attempt !== undefined && isForPeople(lab, attempt) && askCount(lab.store.db, attempt.id) > 0 ? attempt : undefined;
}

function stageForPeople(lab: LabContext, round: Round): StageAttempt | undefined {
  const live = liveAttempts(lab.store.db, round.id);
  return STAGES.flatMap((stage) => live.get(stage) ?? []).find((attempt) => isForPeople(lab, attempt) && askCount(lab.store.db, attempt.id) > 0);
}

function isForPeople(lab: LabContext, attempt: StageAttempt): boolean {
  if (attempt.state !== "running" || (attempt.stage !== "judge" && attempt.stage !== "evaluate")) return false;
  return configOfAttempt(lab.store.db, attempt.id).oracle.kind === "people";
}
