/** Stages that people judge: whether they are still waited for. */
import type { Round, StageAttempt } from "#app/domain/round.ts";
import { askCount } from "#main/store/queries/asks.ts";
import { unansweredCount } from "#main/store/queries/judgments.ts";
import { configOfAttempt, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";

/** True while the attempt can only go on when people judge. */
export function waitsForPeople(lab: LabContext, attempt: StageAttempt): boolean {
  return isForPeople(lab, attempt) && unansweredCount(lab.store.db, attempt.id) > 0;
}

/** True if a stage of the round was waiting for people, and every comparison now has an answer. */
export function isAnsweredByPeople(lab: LabContext, round: Round): boolean {
  const { db } = lab.store;
  return [...liveAttempts(db, round.id).values()].some(
    (attempt) => isForPeople(lab, attempt) && askCount(db, attempt.id) > 0 && unansweredCount(db, attempt.id) === 0,
  );
}

function isForPeople(lab: LabContext, attempt: StageAttempt): boolean {
  if (attempt.state !== "running" || (attempt.stage !== "judge" && attempt.stage !== "evaluate")) return false;
  return configOfAttempt(lab.store.db, attempt.id).oracle.kind === "people";
}
