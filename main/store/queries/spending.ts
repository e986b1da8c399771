/** What judges have cost: paid, still open at their maximum, and possibly paid twice. */
import type { AttemptId } from "#app/base/ids.ts";
import { number, numberOrNull, type ReadableDb, type Row } from "../database.ts";

export type Spending = {
  /** Of closed requests, as the endpoints' own figures say; at the most where these cannot be. */
  readonly paidUsd: number;
  /** Open intents at their maximum. */
  readonly openUsd: number;
  /** Replies that were lost and may have been charged for besides, at their maximum. */
  readonly unsureUsd: number;
  /** Requests that were sent, asks served by an earlier reply, replies that were lost and may have been paid twice. */
  readonly calls: number;
  readonly cached: number;
  readonly possiblyPaidTwice: number;
  readonly openRequests: number;
  /** Replies whose token figures cannot be, or are above the maximum. */
  readonly oddUsage: number;
  /** Requests of which nobody has said what they cost. */
  readonly unpriced: number;
  readonly promptTokens: number;
  readonly replyTokens: number;
};

const SUMS = `coalesce(sum(q.cost_usd), 0) AS paid, coalesce(sum(CASE WHEN q.state = 'open' THEN q.max_cost_usd END), 0) AS open,
  coalesce(sum(q.unsure_sends * q.max_cost_usd), 0) AS unsure, coalesce(sum(q.sends > 0), 0) AS calls, coalesce(sum(q.state = 'cached'), 0) AS cached,
  coalesce(sum(q.unsure_sends), 0) AS twice, coalesce(sum(q.state = 'open'), 0) AS open_requests, coalesce(sum(q.has_odd_usage), 0) AS odd,
  coalesce(sum(q.sends > 0 AND q.max_cost_usd IS NULL), 0) AS unpriced,
  coalesce(sum(q.prompt_tokens), 0) AS prompt_tokens, coalesce(sum(q.reply_tokens), 0) AS reply_tokens`;

function toSpending(row: Row): Spending {
  return {
    paidUsd: number(row, "paid"),
    openUsd: number(row, "open"),
    unsureUsd: number(row, "unsure"),
    calls: number(row, "calls"),
    cached: number(row, "cached"),
    possiblyPaidTwice: number(row, "twice"),
    openRequests: number(row, "open_requests"),
    oddUsage: number(row, "odd"),
    unpriced: number(row, "unpriced"),
    promptTokens: number(row, "prompt_tokens"),
    replyTokens: number(row, "reply_tokens"),
  };
}

/** Of the whole experiment, tests of endpoints included. */
export function totalSpending(db: ReadableDb): Spending {
  return toSpending(db.get(`SELECT ${SUMS} FROM judge_request q`) ?? {});
}

/** By round, superseded runs included: what was paid was paid. */
export function spendingByRound(db: ReadableDb): { readonly round: number; readonly spending: Spending }[] {
  return db
    .all(
      `SELECT r.number AS round, ${SUMS} FROM judge_request q JOIN ask k ON k.id = q.ask_id JOIN stage_attempt a ON a.id = k.attempt_id
       JOIN round r ON r.id = a.round_id GROUP BY r.number ORDER BY r.number`,
    )
    .map((row) => ({ round: number(row, "round"), spending: toSpending(row) }));
}

/** US dollars that all requests of a run have cost, those without a usable answer too; null where none was paid for. */
export function costOfAttempt(db: ReadableDb, attemptId: AttemptId): number | null {
  const row = db.get(
    "SELECT sum(q.cost_usd) AS cost FROM ask k JOIN judge_request q ON q.ask_id = k.id WHERE k.attempt_id = $attempt_id AND q.cost_usd > 0",
    { attempt_id: attemptId },
  );
  return row === undefined ? null : numberOrNull(row, "cost");
}
