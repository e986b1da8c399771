/** The annotator's queue: which comparisons come next for a person, blind and in the order that the lab drew. */
import { InternalError } from "#app/base/errors.ts";
import type { AttemptId, AuthorId } from "#app/base/ids.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView, QueueCounts } from "#app/contract/views.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { verdictAsShown } from "#app/judging/judgment-from-reply.ts";
import { askById, askCount, claimAsks, type StoredAsk } from "#main/store/queries/asks.ts";
import { getExperiment, promptById } from "#main/store/queries/experiments.ts";
import { retractedAskIds, unansweredCount } from "#main/store/queries/judgments.ts";
import { attemptForPeople, liveCountIn } from "#main/store/queries/queue.ts";
import { responseById } from "#main/store/queries/responses.ts";
import { configOfAttempt } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";

/** A comparison that somebody has on the screen is given to nobody else for so long. */
const CLAIM_MS = 30 * 60_000;

/** What the author took back comes first, then what it holds already, then what nobody holds. */
export function nextComparisons(lab: LabContext, author: AuthorId, count: number): StoredAsk[] {
  const { db } = lab.store;
  if (attemptForPeople(db) === undefined) return [];
  const reopened = retractedAskIds(db, author)
    .slice(0, count)
    .map((id) => askById(db, id));
  const nowMs = lab.clock.nowMs();
  const fresh = reopened.length === count ? [] : claimAsks(db, author, count - reopened.length, nowMs, nowMs + CLAIM_MS);
  return [...reopened, ...fresh];
}

/** Nothing in it tells which policy wrote which side. */
export function comparisonView(lab: LabContext, ask: StoredAsk): ComparisonView {
  const { db } = lab.store;
  const [left, right] = ask.shown;
  if (left === undefined || right === undefined) throw new InternalError(`ask ${ask.id} shows ${ask.shown.length} responses, not two`);
  return {
    askId: ask.id,
    messages: [...promptById(db, ask.promptId).messages],
    left: { text: responseById(db, left).text },
    right: { text: responseById(db, right).text },
  };
}

/** Of the attempt that people judge now; zeros when there is none. */
export function queueCounts(lab: LabContext, author: AuthorId): QueueCounts {
  const attemptId = attemptForPeople(lab.store.db);
  return attemptId === undefined ? { mine: 0, done: 0, total: 0 } : countsOfAttempt(lab, attemptId, author);
}

export function countsOfAttempt(lab: LabContext, attemptId: AttemptId, author: AuthorId): QueueCounts {
  const { db } = lab.store;
  const total = askCount(db, attemptId);
  return { mine: liveCountIn(db, attemptId, author), done: total - unansweredCount(db, attemptId), total };
}

/** Those of the attempt that people judge now, else of the experiment's present settings. */
export function guidelinesOf(lab: LabContext): string {
  const { db } = lab.store;
  const attemptId = attemptForPeople(db);
  const oracle = attemptId === undefined ? getExperiment(db)?.config.oracle : configOfAttempt(db, attemptId).oracle;
  return oracle?.kind === "people" ? oracle.guidelines : "";
}

/** A recorded verdict in the order in which its comparison was shown; null for an answer that no key gives. */
export function shownVerdictOf(lab: LabContext, judgment: Judgment): ShownVerdict | null {
  const verdict = verdictAsShown(judgment, askById(lab.store.db, judgment.askId).shown);
  switch (verdict.kind) {
    case "prefers":
      return { kind: "prefers", side: verdict.winner === "first" ? "left" : "right", strength: verdict.strength };
    case "tie":
    case "bothBad":
      return { kind: verdict.kind };
    case "abstains":
      return { kind: "skip" };
    case "invalid":
      return null;
    default:
      return verdict satisfies never;
  }
}
