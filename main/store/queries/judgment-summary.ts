/** What is counted of judgments: read from tables that triggers keep in the judgment's own transaction, and made anew. */
import type { AttemptId, AuthorId, OracleId } from "#app/base/ids.ts";
import type { AskPurpose } from "#app/domain/ask.ts";
import { number, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";

/** How both orders of a comparison came out together, seen from `policyId` (app/preferences/both-orders.ts). */
export type DuelOutcome = "policy" | "opponent" | "tie" | "bothBad" | "flip" | "half" | "unusable";

/** Comparisons of two policies by one author in one run that came out alike. */
export type DuelCount = {
  readonly attemptId: AttemptId;
  readonly purpose: AskPurpose;
  readonly oracleId: OracleId;
  readonly authorId: AuthorId;
  /** Null: overall. */
  readonly criterion: string | null;
  /** The lesser id of the two; a text of no policy goes by its source, such as "teacher". */
  readonly policyId: string;
  readonly opponentId: string;
  readonly outcome: DuelOutcome;
  /** Usable orders: 0, 1 or 2. */
  readonly orders: number;
  readonly comparisons: number;
  /** Sum of P(policy is preferred) over the comparisons that count; exact to a millionth each. */
  readonly points: number;
};

/** Of the live attempts, or of one. A few hundred rows however many judgments there are. */
export function duelCounts(db: ReadableDb, attemptId?: AttemptId): DuelCount[] {
  return db
    .all(
      `SELECT d.* FROM duel_count d JOIN current_attempt a ON a.id = d.attempt_id
       WHERE $attempt_id IS NULL OR d.attempt_id = $attempt_id
       ORDER BY a.created_at, d.attempt_id, d.purpose, d.oracle_id, d.author_id, d.criterion, d.policy_id, d.opponent_id, d.outcome, d.orders`,
      { attempt_id: attemptId ?? null },
    )
    .map((row) => ({
      ...keyOf(row),
      policyId: text(row, "policy_id"),
      opponentId: text(row, "opponent_id"),
      outcome: text(row, "outcome") as DuelOutcome, // the view that makes it gives just these words
      orders: number(row, "orders"),
      comparisons: number(row, "n"),
      points: number(row, "points") / 1_000_000,
    }));
}

/** Live judgments of one author in one run that said the same of the sides as shown. */
export type VerdictCount = Pick<DuelCount, "attemptId" | "purpose" | "oracleId" | "authorId" | "criterion"> & {
  readonly shownVerdict: "shownFirst" | "shownSecond" | "tie" | "bothBad" | "abstains" | "invalid";
  readonly strength: "slight" | "clear" | null;
  readonly judgments: number;
};

/** Of the live attempts, or of one: verdicts, failures, and the lean to the side that was shown first. */
export function shownVerdictCounts(db: ReadableDb, attemptId?: AttemptId): VerdictCount[] {
  return db
    .all(
      `SELECT c.* FROM verdict_count c JOIN current_attempt a ON a.id = c.attempt_id
       WHERE $attempt_id IS NULL OR c.attempt_id = $attempt_id
       ORDER BY a.created_at, c.attempt_id, c.purpose, c.oracle_id, c.author_id, c.criterion, c.shown_verdict, c.strength`,
      { attempt_id: attemptId ?? null },
    )
    .map((row) => ({
      ...keyOf(row),
      shownVerdict: text(row, "shown_verdict") as VerdictCount["shownVerdict"], // the view that makes it gives just these words
      strength: text(row, "strength") === "" ? null : (text(row, "strength") as "slight" | "clear"), // its CHECK allows just these
      judgments: number(row, "n"),
    }));
}

function keyOf(row: Row): Pick<DuelCount, "attemptId" | "purpose" | "oracleId" | "authorId" | "criterion"> {
  const criterion = text(row, "criterion");
  return {
    attemptId: text(row, "attempt_id") as AttemptId,
    purpose: text(row, "purpose") as AskPurpose, // its CHECK allows just these words
    oracleId: text(row, "oracle_id") as OracleId,
    authorId: text(row, "author_id") as AuthorId,
    criterion: criterion === "" ? null : criterion,
  };
}

/** Each kept table with the view that says what it must hold. */
export const SUMMARY_TABLES = ["verdict_count", "duel_count", "disagreement", "taken_back", "ask_count"] as const;

/** Of a ledger entry, without its number, in the order of `ledger_entry_anew`. */
export const LEDGER_COLUMNS = "judgment_id, round, purpose, prompt_id, author_id, criterion, verdict, made_at, duration_ms, cost_usd, is_live";

/** Makes all that is counted anew from the judgments; places in the ledger stay. Only a fault of ours makes it necessary. */
export function rebuildSummary(db: WritableDb): void {
  db.transaction(() => {
    for (const table of SUMMARY_TABLES) {
      db.run(`DELETE FROM ${table}`);
      db.run(`INSERT INTO ${table} SELECT * FROM ${table}_anew`);
    }
    db.run("DELETE FROM ledger_entry WHERE judgment_id NOT IN (SELECT id FROM judgment)");
    db.run(
      `INSERT OR REPLACE INTO ledger_entry (number, ${LEDGER_COLUMNS})
       SELECT e.number, a.* FROM ledger_entry_anew a LEFT JOIN ledger_entry e ON e.judgment_id = a.judgment_id ORDER BY e.number IS NULL, e.number, a.made_at, a.judgment_id`,
    );
  });
}
