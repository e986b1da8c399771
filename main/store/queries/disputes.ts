/** Comparisons of which live judgments differ: counted, listed, settled, asked again. */
import type { AskId, AttemptId, AuthorId, JudgmentId, ResponseId } from "#app/base/ids.ts";
import { number, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { askById, type StoredAsk } from "./asks.ts";
import { toJudgment } from "./judgments.ts";

export type Dispute = {
  readonly attemptId: AttemptId;
  /** In stored order. */
  readonly firstId: ResponseId;
  readonly secondId: ResponseId;
  readonly kind: "itself" | "people" | "peopleAndJudge" | "judges";
};

function toDispute(row: Row): Dispute {
  return {
    attemptId: text(row, "attempt_id") as AttemptId,
    firstId: text(row, "first_id") as ResponseId,
    secondId: text(row, "second_id") as ResponseId,
    kind: text(row, "kind") as Dispute["kind"], // its CHECK allows just these words
  };
}

type Pair = Pick<Dispute, "attemptId" | "firstId" | "secondId">;

function paramsOf(pair: Pair): { readonly attempt_id: string; readonly first_id: string; readonly second_id: string } {
  return { attempt_id: pair.attemptId, first_id: pair.firstId, second_id: pair.secondId };
}

export function disputeOf(db: ReadableDb, pair: Pair): Dispute | undefined {
  const row = db.get("SELECT * FROM disagreement WHERE attempt_id = $attempt_id AND first_id = $first_id AND second_id = $second_id", paramsOf(pair));
  return row && toDispute(row);
}

export function isOpenDispute(db: ReadableDb, pair: Pair): boolean {
  return (
    db.get("SELECT 1 AS n FROM open_dispute WHERE attempt_id = $attempt_id AND first_id = $first_id AND second_id = $second_id", paramsOf(pair)) !==
    undefined
  );
}

export function disputeCount(db: ReadableDb): number {
  return number(db.get("SELECT count(*) AS n FROM open_dispute") ?? { n: 0 }, "n");
}

/** Where people are concerned first; those that the author has open already are left to `openDisputeAsks`. */
export function openDisputes(db: ReadableDb, authorId: AuthorId, limit: number): Dispute[] {
  return db
    .all(
      `SELECT d.* FROM open_dispute d WHERE NOT EXISTS (
         SELECT 1 FROM check_item c JOIN ask k ON k.id = c.ask_id JOIN ask_response s ON s.ask_id = k.id AND s.response_id = d.first_id
         WHERE c.author_id = $author_id AND c.attempt_id = d.attempt_id AND c.is_dispute = 1 AND k.outcome = 'open'
           AND EXISTS (SELECT 1 FROM ask_response t WHERE t.ask_id = k.id AND t.response_id = d.second_id))
       ORDER BY CASE d.kind WHEN 'people' THEN 0 WHEN 'peopleAndJudge' THEN 1 WHEN 'judges' THEN 2 ELSE 3 END, d.attempt_id, d.first_id, d.second_id
       LIMIT $limit`,
      { author_id: authorId, limit },
    )
    .map(toDispute);
}

/** Disputes that wait for this author, in the order in which they were asked. */
export function openDisputeAsks(db: ReadableDb, authorId: AuthorId, limit: number): StoredAsk[] {
  return db
    .all(
      `SELECT k.id FROM check_item c JOIN current_ask k ON k.id = c.ask_id
       WHERE c.author_id = $author_id AND c.is_dispute = 1 AND k.outcome = 'open' ORDER BY k.sequence LIMIT $limit`,
      { author_id: authorId, limit },
    )
    .map((row) => askById(db, text(row, "id") as AskId));
}

/** An ask of the two responses in the attempt: whose prompt is asked again. */
export function askOfPair(db: ReadableDb, pair: Pair): StoredAsk | undefined {
  const row = db.get(
    `SELECT j.ask_id FROM judgment j JOIN ask k ON k.id = j.ask_id
     WHERE j.first_id = $first_id AND j.second_id = $second_id AND k.attempt_id = $attempt_id ORDER BY j.id LIMIT 1`,
    paramsOf(pair),
  );
  return row && askById(db, text(row, "ask_id") as AskId);
}

/** Closes a dispute until another judgment of the comparison comes; nothing if there is none. */
export function settleDispute(db: WritableDb, pair: Pair, authorId: AuthorId, nowMs: number): void {
  db.run(
    `INSERT INTO settled_dispute (attempt_id, first_id, second_id, judgments, author_id, settled_at)
     SELECT attempt_id, first_id, second_id, judgments, $author_id, $now FROM disagreement
     WHERE attempt_id = $attempt_id AND first_id = $first_id AND second_id = $second_id
     ON CONFLICT DO UPDATE SET judgments = excluded.judgments, author_id = excluded.author_id, settled_at = excluded.settled_at`,
    { ...paramsOf(pair), author_id: authorId, now: nowMs },
  );
}

export function reopenDispute(db: WritableDb, pair: Pair): void {
  db.run("DELETE FROM settled_dispute WHERE attempt_id = $attempt_id AND first_id = $first_id AND second_id = $second_id", paramsOf(pair));
}

/** Live overall judgments of the two on the attempt's plan that say something else than so many points for the first. */
export function differingOnPlan(db: ReadableDb, pair: Pair, pointsForFirst: number): Judgment[] {
  return db
    .all(
      `SELECT j.* FROM shown_judgment s JOIN judgment j ON j.id = s.id
       WHERE s.first_id = $first_id AND s.second_id = $second_id AND s.attempt_id = $attempt_id AND s.criterion = ''
         AND s.purpose IN ('training', 'evaluation') AND s.half_points <> $half_points ORDER BY j.sequence`,
      { ...paramsOf(pair), half_points: 2 * pointsForFirst },
    )
    .map(toJudgment);
}

/** What a dispute's answer put in place of others and stands; what was put back since is left out. */
export function liveSettlements(db: ReadableDb, answerId: JudgmentId): Judgment[] {
  return db
    .all("SELECT * FROM current_judgment WHERE settled_by_id = $answer_id AND reinstates_id IS NULL ORDER BY sequence", { answer_id: answerId })
    .map(toJudgment);
}
