/** Corrections of the ledger: a new record that supersedes, disputes left as they are, comparisons asked again. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { AskId, AuthorId, JudgmentId } from "#app/base/ids.ts";
import type { CorrectionVerdict } from "#app/contract/judgments.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { judgmentWords } from "#app/text/judgments.ts";
import { askById } from "#main/store/queries/asks.ts";
import { disputeOf, openDisputeAsks, reopenDispute, settleDispute } from "#main/store/queries/disputes.ts";
import { isLiveJudgment, isPlainCorrection, judgmentById, judgmentOfRequest } from "#main/store/queries/judgments.ts";
import { attemptById } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { reinstate, supersede } from "../corrections.ts";
import { askAboutDispute } from "../dispute-asks.ts";

export type Correction = { readonly id: JudgmentId; readonly isStageDone: boolean };

export type CorrectionRequest = {
  readonly id: JudgmentId;
  readonly verdict: CorrectionVerdict;
  readonly rationale: string;
  readonly requestId: string;
};

/** Throws ConflictError for a judgment that is not in force, or whose run was begun anew. */
export function correctJudgment(lab: LabContext, author: AuthorId, request: CorrectionRequest): Correction {
  const { db } = lab.store;
  return db.transaction(() => {
    const old = judgmentById(db, request.id);
    const attempt = attemptById(db, askById(db, old.askId).attemptId);
    const isStageDone = attempt.state === "done";
    const known = judgmentOfRequest(db, request.requestId);
    if (known !== undefined) return { id: known, isStageDone };
    if (attempt.state === "superseded") throw new ConflictError(judgmentWords.begunAnew, { id: old.id });
    if (!isLiveJudgment(db, old.id)) throw new ConflictError(judgmentWords.superseded, { id: old.id });
    const rationale = request.rationale.trim();
    const { verdict, requestId } = request;
    const id = supersede(lab, old, { authorId: author, verdict, rationale: rationale === "" ? null : rationale, requestId });
    return { id, isStageDone };
  });
}

/** Throws ConflictError for what is no correction, is not in force, or belongs to a run that was begun anew. */
export function takeCorrectionBack(lab: LabContext, id: JudgmentId): JudgmentId {
  const { db } = lab.store;
  return db.transaction(() => {
    const correction = judgmentById(db, id);
    if (correction.supersedesId === null || !isPlainCorrection(db, id)) throw new ConflictError(judgmentWords.correctsNone, { id });
    if (attemptById(db, askById(db, correction.askId).attemptId).state === "superseded") {
      throw new ConflictError(judgmentWords.begunAnew, { id });
    }
    if (!isLiveJudgment(db, id)) throw new ConflictError(judgmentWords.correctionSuperseded, { id });
    return reinstate(lab, correction.supersedesId, id);
  });
}

type Pair = Pick<Judgment, "firstId" | "secondId"> & { readonly attemptId: ReturnType<typeof askById>["attemptId"] };

function pairOf(lab: LabContext, id: JudgmentId): Pair {
  const { firstId, secondId, askId } = judgmentById(lab.store.db, id);
  return { firstId, secondId, attemptId: askById(lab.store.db, askId).attemptId };
}

/** Leaves the judgments of the comparison as they are. Throws NotFoundError if none of them differ. */
export function settle(lab: LabContext, author: AuthorId, id: JudgmentId): void {
  const { db } = lab.store;
  const pair = pairOf(lab, id);
  if (disputeOf(db, pair) === undefined) throw new NotFoundError(judgmentWords.noDispute, { id });
  settleDispute(db, pair, author, lab.clock.nowMs());
}

/** Opens the dispute again; nothing if nobody had left it as it is. */
export function reopen(lab: LabContext, id: JudgmentId): void {
  reopenDispute(lab.store.db, pairOf(lab, id));
}

/** The ask that waits for the person; the one that waits already if there is one. */
export function askAgain(lab: LabContext, author: AuthorId, id: JudgmentId): AskId {
  const { db } = lab.store;
  return db.transaction(() => {
    const pair = pairOf(lab, id);
    const waiting = openDisputeAsks(db, author, ALL).find(
      ({ attemptId, shown }) => attemptId === pair.attemptId && shown.includes(pair.firstId) && shown.includes(pair.secondId),
    );
    const askId = waiting?.id ?? askAboutDispute(lab, pair, author);
    if (askId === undefined) throw new NotFoundError(judgmentWords.notAsked(id), { id });
    return askId;
  });
}

const ALL = 10_000;
