/** Records that take the place of what somebody said: corrections, and what a dispute's answer settles. The old ones are kept. */
import type { AuthorId, JudgmentId } from "#app/base/ids.ts";
import { inStoredOrder, type Judgment } from "#app/domain/ask.ts";
import { pointsForFirst, type Verdict } from "#app/domain/verdict.ts";
import { askById } from "#main/store/queries/asks.ts";
import { checkItemOf } from "#main/store/queries/check-items.ts";
import { differingOnPlan, liveSettlements, settleDispute } from "#main/store/queries/disputes.ts";
import { insertJudgment, judgmentById } from "#main/store/queries/judgments.ts";
import type { LabContext } from "./context.ts";

export type Correction = {
  readonly authorId: AuthorId;
  /** In stored order. */
  readonly verdict: Verdict;
  readonly rationale: string | null;
  readonly requestId: string | null;
  /** The dispute's answer that it follows from. */
  readonly settledById?: JudgmentId;
};

/** A new record on the ask of the old one; its id. */
export function supersede(lab: LabContext, old: Judgment, correction: Correction): JudgmentId {
  return insertJudgment(lab.store.db, {
    ...old,
    ...correction,
    id: lab.ids.next() as JudgmentId,
    probability: null,
    tags: [],
    durationMs: null,
    madeAtMs: lab.clock.nowMs(),
    supersedesId: old.id,
    isRetraction: false,
    reinstatesId: null,
    deviceId: lab.deviceId,
    isCorrection: true,
  });
}

/**
 * A person has answered an ask. If it was about a dispute, the answer takes the place of every judgment on the plan that
 * says something else; a skip leaves them. Whatever was said, the dispute need not be asked again.
 */
export function settleByAnswer(lab: LabContext, answer: Pick<Judgment, "id" | "askId" | "authorId" | "verdict" | "rationale">): void {
  const { db } = lab.store;
  if (checkItemOf(db, answer.askId)?.isDispute !== true) return;
  const { attemptId, shown } = askById(db, answer.askId);
  const [a, b] = shown;
  if (a === undefined || b === undefined) return;
  const { firstId, secondId } = inStoredOrder(a, b);
  const pair = { attemptId, firstId, secondId };
  const { id: settledById, authorId, verdict, rationale } = answer;
  const points = pointsForFirst(verdict);
  const differing = points === undefined ? [] : differingOnPlan(db, pair, points);
  for (const old of differing) supersede(lab, old, { authorId, verdict, rationale, requestId: null, settledById });
  settleDispute(db, pair, authorId, lab.clock.nowMs());
}

/** A dispute's answer was taken back: what it had superseded is in force again, under its own author's name. */
export function unsettle(lab: LabContext, answerId: JudgmentId): void {
  const { db } = lab.store;
  for (const settlement of liveSettlements(db, answerId)) {
    if (settlement.supersedesId === null) continue;
    reinstate(lab, settlement.supersedesId, settlement.id, { settledById: answerId });
  }
}

/** What was superseded holds again, in place of what stands there now: a new record under its own author's name; its id. */
export function reinstate(lab: LabContext, old: JudgmentId, inPlaceOf: JudgmentId, more: Pick<Partial<Correction>, "settledById"> = {}): JudgmentId {
  const before = judgmentById(lab.store.db, old);
  return insertJudgment(lab.store.db, {
    ...before,
    ...more,
    id: lab.ids.next() as JudgmentId,
    madeAtMs: lab.clock.nowMs(),
    deviceId: lab.deviceId,
    supersedesId: inPlaceOf,
    reinstatesId: before.id,
    requestId: null,
    isCorrection: true,
  });
}
