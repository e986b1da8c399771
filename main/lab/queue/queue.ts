/** The annotator's queue: which comparisons come next for a person, blind and in the order that the lab drew. */
import { InternalError } from "#app/base/errors.ts";
import type { AttemptId, AuthorId } from "#app/base/ids.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { type ComparisonView, type QueueCounts, reasonSchema } from "#app/contract/views.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { oracleConfigSchema, type PeopleConfig } from "#app/domain/oracle.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { verdictAsShown } from "#app/judging/judgment-from-reply.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { draftOf, isFlagged } from "#main/store/queries/annotations.ts";
import { askById, askCount, claimAsks, type StoredAsk } from "#main/store/queries/asks.ts";
import { itemCounts } from "#main/store/queries/check-items.ts";
import { openDisputeAsks, openDisputes } from "#main/store/queries/disputes.ts";
import { getExperiment, promptById } from "#main/store/queries/experiments.ts";
import { retractedAskIds, unansweredCount } from "#main/store/queries/judgments.ts";
import { attemptForPeople, liveCountIn } from "#main/store/queries/queue.ts";
import { responseById } from "#main/store/queries/responses.ts";
import { attemptById, configOfAttempt, listRounds } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { askAboutDispute } from "../dispute-asks.ts";
import { withCheckItems } from "./check-asks.ts";

/** A comparison that somebody has on the screen is given to nobody else for so long. */
const CLAIM_MS = 30 * 60_000;

/** What the author took back comes first, then what it holds already, then what nobody holds; checks among them. */
export function nextComparisons(lab: LabContext, author: AuthorId, authorName: string, count: number): StoredAsk[] {
  const { db } = lab.store;
  const attemptId = attemptForPeople(db);
  if (attemptId === undefined) return [];
  return db.transaction(() => {
    const reopened = retractedAskIds(db, author)
      .map((id) => askById(db, id))
      .filter((ask) => ask.attemptId === attemptId)
      .slice(0, count);
    if (reopened.length === count) return reopened;
    const nowMs = lab.clock.nowMs();
    const planned = claimAsks(db, author, count - reopened.length, nowMs, nowMs + CLAIM_MS);
    const config = configOfAttempt(db, attemptId);
    const people = peopleConfigOf(config.oracle);
    const { stage, number, roundId } = attemptById(db, attemptId);
    const round = listRounds(db).find(({ id }) => id === roundId);
    const label = `${round?.number ?? 0}/${stage}/${number}/${authorName}`;
    const withChecks = withCheckItems(lab, { attemptId, authorId: author, people, seed: config.seed, label }, planned);
    // What was taken back is judged anew before anything else, but nobody's practice waits for it.
    const isFirst = (ask: StoredAsk): boolean => ask.purpose === "practice";
    return [...withChecks.filter(isFirst), ...reopened, ...withChecks.filter((ask) => !isFirst(ask))].slice(0, count);
  });
}

/** Disputes that wait for the author already, then others, asked now. */
export function nextDisputes(lab: LabContext, author: AuthorId, count: number): StoredAsk[] {
  const { db } = lab.store;
  return db.transaction(() => {
    const reopened = retractedAskIds(db, author)
      .map((id) => askById(db, id))
      .filter((ask) => ask.purpose === "repeat")
      .slice(0, count);
    const missing = count - reopened.length - openDisputeAsks(db, author, count).length;
    for (const dispute of missing > 0 ? openDisputes(db, author, missing) : []) askAboutDispute(lab, dispute, author);
    return [...reopened, ...openDisputeAsks(db, author, count)].slice(0, count);
  });
}

/** Nothing in it tells which policy wrote which side, nor what is known of the two. */
export function comparisonView(lab: LabContext, ask: StoredAsk, author: AuthorId): ComparisonView {
  const { db } = lab.store;
  const [left, right] = ask.shown;
  if (left === undefined || right === undefined) throw new InternalError(`ask ${ask.id} shows ${ask.shown.length} responses, not two`);
  const draft = draftOf(db, ask.id, author);
  return {
    askId: ask.id,
    messages: [...promptById(db, ask.promptId).messages],
    left: { text: responseById(db, left).text },
    right: { text: responseById(db, right).text },
    isPractice: ask.purpose === "practice",
    isFlagged: isFlagged(db, ask.id, author),
    draft: draft === undefined ? null : { ...reasonSchema.parse(JSON.parse(draft.body)), savedAtMs: draft.savedAtMs },
  };
}

const NO_COUNTS: QueueCounts = { mine: 0, done: 0, total: 0 };

/**
 * Of the attempt that people judge now, with the checks among it; zeros when there is none. Were they left out, a bar that
 * stands still would tell which they are.
 */
export function queueCounts(lab: LabContext, author: AuthorId): QueueCounts {
  const { db } = lab.store;
  const attemptId = attemptForPeople(db);
  if (attemptId === undefined) return NO_COUNTS;
  const [plan, checks] = [countsOfPlan(db, attemptId, author), itemCounts(db, attemptId, author)];
  return { ...plan, done: plan.done + checks.done, total: plan.total + checks.total };
}

/** What makes pairs and win rates: the attempt's plan alone. */
export function planCounts(lab: LabContext, author: AuthorId): QueueCounts {
  const { db } = lab.store;
  const attemptId = attemptForPeople(db);
  return attemptId === undefined ? NO_COUNTS : countsOfPlan(db, attemptId, author);
}

function countsOfPlan(db: ReadableDb, attemptId: AttemptId, author: AuthorId): QueueCounts {
  const total = askCount(db, attemptId);
  return { mine: liveCountIn(db, attemptId, author), done: total - unansweredCount(db, attemptId), total };
}

/** What the attempt that people judge now asks of them, else the experiment's present settings. */
export function peopleConfig(lab: LabContext): PeopleConfig {
  const { db } = lab.store;
  const attemptId = attemptForPeople(db);
  return peopleConfigOf(attemptId === undefined ? getExperiment(db)?.config.oracle : configOfAttempt(db, attemptId).oracle);
}

function peopleConfigOf(oracle: { readonly kind: string } | undefined): PeopleConfig {
  const config = oracleConfigSchema.parse(oracle?.kind === "people" ? oracle : { kind: "people" });
  if (config.kind !== "people") throw new InternalError("people were asked for");
  return config;
}

/** A recorded verdict in the order in which its comparison was shown; null for an answer that no key gives. */
export function shownVerdictOf(lab: LabContext, judgment: Judgment): ShownVerdict | null {
  return toShownVerdict(verdictAsShown(judgment, askById(lab.store.db, judgment.askId).shown));
}

/** Of the responses as shown: the first is left. */
export function toShownVerdict(verdict: Verdict): ShownVerdict | null {
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
