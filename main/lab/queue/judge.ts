/** A person's verdicts: appended, taken back, re-instated; never changed. */
import { ConflictError } from "#app/base/errors.ts";
import type { AskId, AuthorId, JudgmentId } from "#app/base/ids.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView, QueueCounts } from "#app/contract/views.ts";
import type { Judgment } from "#app/domain/ask.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { judgmentFromReply } from "#app/judging/judgment-from-reply.ts";
import { askById, closeAsk, type StoredAsk } from "#main/store/queries/asks.ts";
import {
  headOf,
  insertJudgment,
  judgmentById,
  judgmentOfRequest,
  type NewJudgment,
  newestLive,
  newestRetraction,
} from "#main/store/queries/judgments.ts";
import { attemptForPeople } from "#main/store/queries/queue.ts";
import type { LabContext } from "../context.ts";
import { comparisonView, queueCounts, shownVerdictOf } from "./queue.ts";

export type QueueHooks = {
  /** An answer came or was taken back; it is durable. */
  onAnswered(): void;
};

export type JudgeRequest = {
  readonly askId: AskId;
  readonly verdict: ShownVerdict;
  readonly durationMs: number;
  readonly requestId: string;
};

/** Durable when it returns. The same requestId again changes nothing. Throws ConflictError for what is not asked of this author. */
export function judgeAsk(lab: LabContext, hooks: QueueHooks, author: AuthorId, request: JudgeRequest): void {
  const { db } = lab.store;
  const isNew = db.transaction(() => {
    if (judgmentOfRequest(db, request.requestId) !== undefined) return false;
    const ask = askById(db, request.askId);
    requireAsked(lab, ask);
    const judgment = newJudgment(lab, ask, author, toVerdict(request.verdict), request.requestId);
    const head = headOf(db, ask.id, author);
    if (ask.outcome !== "open" && head?.isRetraction === true) {
      insertJudgment(db, { ...judgment, supersedesId: head.id });
      return true;
    }
    closeAsk(db, ask.id, author, { ...NO_COST, outcome: "answered", durationMs: request.durationMs }, [judgment], [], lab.clock.nowMs());
    return true;
  });
  if (isNew) hooks.onAnswered();
}

const NO_COST = { rawReply: null, promptTokens: null, replyTokens: null, costUsd: null } as const;

export type Step = { readonly comparison: ComparisonView | null; readonly verdict: ShownVerdict | null; readonly counts: QueueCounts };

/** Takes the author's newest verdict back, as far as the round still waits; nothing to take back is not an error. */
export function undoLast(lab: LabContext, hooks: QueueHooks, author: AuthorId): Step {
  const { db } = lab.store;
  return step(lab, hooks, author, () => {
    const newest = newestLive(db, author);
    if (newest === undefined || !isAsked(lab, askById(db, newest.askId))) return undefined;
    insertJudgment(db, { ...newest, ...freshNames(lab), supersedesId: newest.id, isRetraction: true, reinstatesId: null, requestId: null });
    return newest;
  });
}

/** Re-instates the verdict that was taken back last, unless a fresh one came after it. */
export function redoLast(lab: LabContext, hooks: QueueHooks, author: AuthorId): Step {
  const { db } = lab.store;
  return step(lab, hooks, author, () => {
    const retraction = newestRetraction(db, author);
    if (retraction?.supersedesId == null || !isAsked(lab, askById(db, retraction.askId))) return undefined;
    const takenBack = judgmentById(db, retraction.supersedesId);
    insertJudgment(db, { ...takenBack, ...freshNames(lab), supersedesId: retraction.id, reinstatesId: takenBack.id, requestId: null });
    return takenBack;
  });
}

function step(lab: LabContext, hooks: QueueHooks, author: AuthorId, take: () => Judgment | undefined): Step {
  const { db } = lab.store;
  const taken = db.transaction(take);
  if (taken === undefined) return { comparison: null, verdict: null, counts: queueCounts(lab, author) };
  const counts = queueCounts(lab, author);
  hooks.onAnswered();
  return { comparison: comparisonView(lab, askById(db, taken.askId)), verdict: shownVerdictOf(lab, taken), counts };
}

function freshNames(lab: LabContext): Pick<NewJudgment, "id" | "madeAtMs" | "deviceId"> {
  return { id: lab.ids.next() as JudgmentId, madeAtMs: lab.clock.nowMs(), deviceId: lab.deviceId };
}

/** True while the run that asks is still waiting for people. */
function isAsked(lab: LabContext, ask: StoredAsk): boolean {
  return attemptForPeople(lab.store.db) === ask.attemptId;
}

function requireAsked(lab: LabContext, ask: StoredAsk): void {
  if (isAsked(lab, ask)) return;
  throw new ConflictError("this comparison is not asked any more: its round has gone on, or its stage was begun anew", { askId: ask.id });
}

function newJudgment(lab: LabContext, ask: StoredAsk, authorId: AuthorId, verdict: Verdict, requestId: string): NewJudgment {
  return {
    ...judgmentFromReply(ask.shown, { verdict, probability: null }),
    ...freshNames(lab),
    askId: ask.id,
    criterion: null,
    rationale: null,
    supersedesId: null,
    isRetraction: false,
    reinstatesId: null,
    authorId,
    requestId,
  };
}

/** Of the responses as shown: the left one is first. */
function toVerdict(shown: ShownVerdict): Verdict {
  switch (shown.kind) {
    case "prefers":
      return { kind: "prefers", winner: shown.side === "left" ? "first" : "second", strength: shown.strength };
    case "tie":
    case "bothBad":
      return { kind: shown.kind };
    case "skip":
      return { kind: "abstains" };
    default:
      return shown satisfies never;
  }
}
