/** A person's verdicts: appended, taken back, re-instated; never changed. */
import { ConflictError } from "#app/base/errors.ts";
import type { AskId, AuthorId, JudgmentId } from "#app/base/ids.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView, QueueCounts, Reason } from "#app/contract/views.ts";
import type { Judgment } from "#app/domain/ask.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { judgmentFromReply } from "#app/judging/judgment-from-reply.ts";
import { judgmentWords } from "#app/text/judgments.ts";
import { dropDraft, saveDraft } from "#main/store/queries/annotations.ts";
import { askById, closeAsk, type StoredAsk } from "#main/store/queries/asks.ts";
import { checkItemOf } from "#main/store/queries/check-items.ts";
import {
  criterionHeadsAfter,
  headOf,
  insertJudgment,
  judgmentById,
  judgmentOfRequest,
  liveCriteria,
  type NewJudgment,
  newestLive,
  newestRetraction,
} from "#main/store/queries/judgments.ts";
import { attemptForPeople } from "#main/store/queries/queue.ts";
import { attemptById } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { settleByAnswer, unsettle } from "../corrections.ts";
import { comparisonView, queueCounts, shownVerdictOf } from "./queue.ts";

export type QueueHooks = {
  /** An answer came or was taken back; it is durable. */
  onAnswered(): void;
};

export type JudgeRequest = {
  readonly askId: AskId;
  readonly verdict: ShownVerdict;
  readonly reason?: Reason | undefined;
  readonly durationMs: number;
  readonly requestId: string;
};

/** Of a practice item: what is known, and whether the verdict says so. */
export type Practice = { readonly isRight: boolean; readonly known: ShownVerdict };

/**
 * Durable when it returns. The same requestId again changes nothing. Throws ConflictError for what is not asked of this
 * author.
 */
export function judgeAsk(lab: LabContext, hooks: QueueHooks, author: AuthorId, request: JudgeRequest): Practice | null {
  const { db } = lab.store;
  const isNew = db.transaction(() => {
    if (judgmentOfRequest(db, request.requestId) !== undefined) return false;
    const ask = askById(db, request.askId);
    requireAsked(lab, ask, author);
    const judgments = newJudgments(lab, ask, author, request);
    const head = headOf(db, ask.id, author);
    if (ask.outcome !== "open" && head?.isRetraction === true) {
      const [overall, ...criteria] = judgments;
      if (overall !== undefined) insertJudgment(db, { ...overall, supersedesId: head.id });
      for (const one of criteria) insertJudgment(db, { ...one, supersedesId: headOf(db, ask.id, author, one.criterion)?.id ?? null });
    } else {
      closeAsk(db, ask.id, author, { ...NO_COST, outcome: "answered", durationMs: request.durationMs }, judgments, [], lab.clock.nowMs());
    }
    dropDraft(db, ask.id, author);
    const [overall] = judgments;
    if (overall !== undefined) settleByAnswer(lab, overall);
    return true;
  });
  if (isNew) hooks.onAnswered();
  return practiceOf(lab, request);
}

const NO_COST = { rawReply: null, promptTokens: null, replyTokens: null, costUsd: null } as const;

function practiceOf(lab: LabContext, { askId, verdict }: JudgeRequest): Practice | null {
  const { db } = lab.store;
  const ask = askById(db, askId);
  const winner = checkItemOf(db, askId)?.knownWinner;
  if (ask.purpose !== "practice" || winner == null) return null;
  const [left = "", right = ""] = ask.shown;
  const isLeft = left < right === (winner === "first");
  const isRight = verdict.kind === "prefers" && (verdict.side === "left") === isLeft;
  return { isRight, known: { kind: "prefers", side: isLeft ? "left" : "right", strength: "clear" } };
}

export type Step = { readonly comparison: ComparisonView | null; readonly verdict: ShownVerdict | null; readonly counts: QueueCounts };

/** Takes the author's newest verdict back with what was said of criteria and what it settled, as far as it is still asked; nothing to take back is not an error. */
export function undoLast(lab: LabContext, hooks: QueueHooks, author: AuthorId): Step {
  const { db } = lab.store;
  return step(lab, hooks, author, () => {
    const newest = newestLive(db, author);
    if (newest === undefined || !isAsked(lab, askById(db, newest.askId))) return undefined;
    keepAsDraft(lab, newest);
    // The verdict on the whole first: what a redo puts back is told by coming after it.
    for (const one of [newest, ...liveCriteria(db, newest.askId, author)]) {
      insertJudgment(db, { ...one, ...freshNames(lab), supersedesId: one.id, isRetraction: true, reinstatesId: null, requestId: null });
    }
    unsettle(lab, newest.id);
    return newest;
  });
}

/** What was written with a verdict that is taken back is there again for the next one. */
function keepAsDraft(lab: LabContext, judgment: Judgment): void {
  const { db } = lab.store;
  const { askId, authorId, rationale, tags } = judgment;
  const criteria = Object.fromEntries(
    liveCriteria(db, askId, authorId).flatMap((one) => {
      const shown = shownVerdictOf(lab, one);
      const side = shown?.kind === "prefers" ? shown.side : "even";
      return one.criterion === null ? [] : [[one.criterion, side]];
    }),
  );
  if (rationale === null && tags.length === 0 && Object.keys(criteria).length === 0) return;
  saveDraft(db, askId, authorId, JSON.stringify({ text: rationale ?? "", tags, criteria }), lab.clock.nowMs());
}

/** Re-instates the verdict that was taken back last, unless a fresh one came after it. */
export function redoLast(lab: LabContext, hooks: QueueHooks, author: AuthorId): Step {
  const { db } = lab.store;
  return step(lab, hooks, author, () => {
    const retraction = newestRetraction(db, author);
    if (retraction?.supersedesId == null || !isAsked(lab, askById(db, retraction.askId))) return undefined;
    const takenBack = judgmentById(db, retraction.supersedesId);
    for (const head of [retraction, ...criterionHeadsAfter(db, retraction)]) {
      if (head.supersedesId === null || !head.isRetraction) continue;
      const before = judgmentById(db, head.supersedesId);
      const again = { ...before, ...freshNames(lab), supersedesId: head.id, reinstatesId: before.id, requestId: null };
      insertJudgment(db, again);
      if (again.criterion === null) settleByAnswer(lab, again);
    }
    dropDraft(db, retraction.askId, author);
    return takenBack;
  });
}

function step(lab: LabContext, hooks: QueueHooks, author: AuthorId, take: () => Judgment | undefined): Step {
  const { db } = lab.store;
  const taken = db.transaction(take);
  if (taken === undefined) return { comparison: null, verdict: null, counts: queueCounts(lab, author) };
  const counts = queueCounts(lab, author);
  hooks.onAnswered();
  return { comparison: comparisonView(lab, askById(db, taken.askId), author), verdict: shownVerdictOf(lab, taken), counts };
}

function freshNames(lab: LabContext): Pick<NewJudgment, "id" | "madeAtMs" | "deviceId"> {
  return { id: lab.ids.next() as JudgmentId, madeAtMs: lab.clock.nowMs(), deviceId: lab.deviceId };
}

/** True while the run that asks is still waiting for people, and for a dispute as long as its run is the live one. */
function isAsked(lab: LabContext, ask: StoredAsk): boolean {
  const { db } = lab.store;
  if (checkItemOf(db, ask.id)?.isDispute === true) return attemptById(db, ask.attemptId).state !== "superseded";
  return attemptForPeople(db) === ask.attemptId;
}

function requireAsked(lab: LabContext, ask: StoredAsk, author: AuthorId): void {
  const item = checkItemOf(lab.store.db, ask.id);
  if (item !== undefined && item.authorId !== author) throw new ConflictError(judgmentWords.notYours, { askId: ask.id });
  if (isAsked(lab, ask) && ask.outcome !== "withdrawn") return;
  throw new ConflictError(judgmentWords.notAskedAnyMore, { askId: ask.id });
}

/** The verdict on the whole first, then criterion by criterion. */
function newJudgments(lab: LabContext, ask: StoredAsk, authorId: AuthorId, request: JudgeRequest): NewJudgment[] {
  const { verdict, reason, requestId, durationMs } = request;
  const shared = { askId: ask.id, supersedesId: null, isRetraction: false, reinstatesId: null, authorId } as const;
  const text = reason?.text.trim() ?? "";
  const overall: NewJudgment = {
    ...judgmentFromReply(ask.shown, { verdict: toVerdict(verdict), probability: null }),
    ...freshNames(lab),
    ...shared,
    criterion: null,
    rationale: text === "" ? null : text,
    tags: reason?.tags ?? [],
    durationMs,
    requestId,
  };
  // Skipping says nothing of the two, in no respect.
  const criteria = verdict.kind === "skip" ? [] : Object.entries(reason?.criteria ?? {});
  return [
    overall,
    ...criteria.map(([criterion, side]): NewJudgment => ({
      ...judgmentFromReply(ask.shown, {
        verdict: side === "even" ? { kind: "tie" } : { kind: "prefers", winner: side === "left" ? "first" : "second", strength: "slight" },
        probability: null,
      }),
      ...freshNames(lab),
      ...shared,
      criterion,
      rationale: null,
      requestId: null,
    })),
  ];
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
