/** Asks made for one person beside the plan: practice, control and repeat items, and disputes asked again. */
import type { AskId, AttemptId, AuthorId, DeviceId, OracleId, PromptId, ResponseId } from "#app/base/ids.ts";
import { number, type ReadableDb, text, textOrNull, type WritableDb } from "../database.ts";
import { askById, type StoredAsk } from "./asks.ts";
import { takeSequence } from "./authors.ts";

export type CheckPurpose = "practice" | "control" | "repeat";

export type CheckItem = {
  readonly askId: AskId;
  readonly authorId: AuthorId;
  readonly attemptId: AttemptId;
  /** Among the ordinals of the plan: it comes before the next greater one. */
  readonly place: number;
  /** Of a repeat: what is asked again. */
  readonly originalAskId: AskId | null;
  /** Of a practice or control item: the better response in stored order. */
  readonly knownWinner: "first" | "second" | null;
  readonly isDispute: boolean;
};

export type NewCheckAsk = CheckItem & {
  readonly promptId: PromptId;
  readonly oracleId: OracleId;
  readonly purpose: CheckPurpose;
  readonly shown: readonly ResponseId[];
};

/** Writes the ask, held by its author, and why it is there. */
export function insertCheckAsk(db: WritableDb, ask: NewCheckAsk, deviceId: DeviceId): void {
  db.transaction(() => {
    db.run(
      `INSERT INTO ask (id, attempt_id, prompt_id, oracle_id, purpose, mode, ordinal, outcome, claimed_by, device_id, sequence)
       VALUES ($id, $attempt_id, $prompt_id, $oracle_id, $purpose, 'pairwise',
         (SELECT coalesce(max(ordinal), -1) + 1 FROM ask WHERE attempt_id = $attempt_id), 'open', $author_id, $device_id, $sequence)`,
      {
        id: ask.askId,
        attempt_id: ask.attemptId,
        prompt_id: ask.promptId,
        oracle_id: ask.oracleId,
        purpose: ask.purpose,
        author_id: ask.authorId,
        device_id: deviceId,
        sequence: takeSequence(db, deviceId),
      },
    );
    ask.shown.forEach((responseId, position) => {
      db.run("INSERT INTO ask_response (ask_id, position, response_id) VALUES ($ask_id, $position, $response_id)", {
        ask_id: ask.askId,
        position,
        response_id: responseId,
      });
    });
    db.run(
      `INSERT INTO check_item (ask_id, author_id, attempt_id, place, original_ask_id, known_winner, is_dispute)
       VALUES ($ask_id, $author_id, $attempt_id, $place, $original_ask_id, $known_winner, $is_dispute)`,
      {
        ask_id: ask.askId,
        author_id: ask.authorId,
        attempt_id: ask.attemptId,
        place: ask.place,
        original_ask_id: ask.originalAskId,
        known_winner: ask.knownWinner,
        is_dispute: ask.isDispute ? 1 : 0,
      },
    );
  });
}

export function checkItemOf(db: ReadableDb, askId: AskId): CheckItem | undefined {
  const row = db.get("SELECT * FROM check_item WHERE ask_id = $ask_id", { ask_id: askId });
  return (
    row && {
      askId,
      authorId: text(row, "author_id") as AuthorId,
      attemptId: text(row, "attempt_id") as AttemptId,
      place: number(row, "place"),
      originalAskId: textOrNull(row, "original_ask_id") as AskId | null,
      knownWinner: textOrNull(row, "known_winner") as CheckItem["knownWinner"], // its CHECK allows just these words
      isDispute: number(row, "is_dispute") === 1,
    }
  );
}

/** True if the place among the plan's ordinals has an item for this author. */
export function hasItemAt(db: ReadableDb, attemptId: AttemptId, authorId: AuthorId, place: number): boolean {
  const item = { attempt_id: attemptId, author_id: authorId, place };
  return db.get("SELECT 1 AS n FROM check_item WHERE author_id = $author_id AND attempt_id = $attempt_id AND place = $place", item) !== undefined;
}

/** The author's open items of an attempt up to a place, in their order. */
export function openItems(
  db: ReadableDb,
  attemptId: AttemptId,
  authorId: AuthorId,
  upTo: number,
): { readonly ask: StoredAsk; readonly place: number }[] {
  return db
    .all(
      `SELECT c.ask_id, c.place FROM check_item c JOIN ask k ON k.id = c.ask_id
       WHERE c.author_id = $author_id AND c.attempt_id = $attempt_id AND c.is_dispute = 0 AND k.outcome = 'open' AND c.place <= $up_to
       ORDER BY c.place`,
      { author_id: authorId, attempt_id: attemptId, up_to: upTo },
    )
    .map((row) => ({ ask: askById(db, text(row, "ask_id") as AskId), place: number(row, "place") }));
}

/** The author's items of an attempt, and those of them with an answer that stands; what was asked about disputes is no part of a stage. */
export function itemCounts(db: ReadableDb, attemptId: AttemptId, authorId: AuthorId): { readonly done: number; readonly total: number } {
  const row = db.get(
    `SELECT count(*) AS total, coalesce(sum(k.outcome = 'answered' AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.ask_id = k.id)), 0) AS done
     FROM check_item c JOIN ask k ON k.id = c.ask_id
     WHERE c.author_id = $author_id AND c.attempt_id = $attempt_id AND c.is_dispute = 0 AND k.outcome <> 'withdrawn'`,
    { author_id: authorId, attempt_id: attemptId },
  );
  return { done: number(row ?? { done: 0 }, "done"), total: number(row ?? { total: 0 }, "total") };
}

/** Practice items that were ever made for an author. */
export function practiceCount(db: ReadableDb, authorId: AuthorId): number {
  const row = db.get(
    "SELECT count(*) AS n FROM check_item c JOIN ask k ON k.id = c.ask_id WHERE c.author_id = $author_id AND k.purpose = 'practice'",
    {
      author_id: authorId,
    },
  );
  return number(row ?? { n: 0 }, "n");
}

/** Asks of the plan that the author has answered, not asked again yet, newest first without the `after` newest. */
export function repeatable(db: ReadableDb, attemptId: AttemptId, authorId: AuthorId, after: number, limit: number): AskId[] {
  return db
    .all(
      `SELECT j.ask_id FROM current_judgment j JOIN ask k ON k.id = j.ask_id
       WHERE j.author_id = $author_id AND j.criterion IS NULL AND j.verdict <> 'abstains' AND k.attempt_id = $attempt_id
         AND k.purpose IN ('training', 'evaluation') AND NOT EXISTS (SELECT 1 FROM check_item c WHERE c.original_ask_id = j.ask_id)
       ORDER BY j.sequence DESC LIMIT $limit OFFSET $after`,
      { author_id: authorId, attempt_id: attemptId, after, limit },
    )
    .map((row) => text(row, "ask_id") as AskId);
}

/** The ask of the plan with this ordinal; undefined where the ordinal is an item's. */
export function plannedAsk(db: ReadableDb, attemptId: AttemptId, ordinal: number): StoredAsk | undefined {
  const row = db.get("SELECT id FROM ask WHERE attempt_id = $attempt_id AND ordinal = $ordinal AND purpose IN ('training', 'evaluation')", {
    attempt_id: attemptId,
    ordinal,
  });
  return row && askById(db, text(row, "id") as AskId);
}

/** What nobody has answered when the stage goes on is asked no more. */
export function withdrawItems(db: WritableDb, attemptId: AttemptId): void {
  db.run(
    `UPDATE ask SET outcome = 'withdrawn' WHERE attempt_id = $attempt_id AND outcome = 'open'
       AND id IN (SELECT ask_id FROM check_item WHERE attempt_id = $attempt_id AND is_dispute = 0)`,
    { attempt_id: attemptId },
  );
}
