/** Sittings: stretches of one author's judgments, told by the device's sequence. */
import type { AuthorId } from "#app/base/ids.ts";
import type { Judgment } from "#app/domain/ask.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { toJudgment } from "./judgments.ts";

export type Sitting = {
  readonly id: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Its judgments are this device's with a greater sequence. */
  readonly afterSequence: number;
  readonly untilSequence: number | null;
};

/** The author's newest sitting. */
export function newestSitting(db: ReadableDb, authorId: AuthorId): Sitting | undefined {
  const row = db.get("SELECT * FROM sitting WHERE author_id = $author_id ORDER BY started_at DESC, id DESC LIMIT 1", { author_id: authorId });
  return row && toSitting(row);
}

function toSitting(row: Row): Sitting {
  return {
    id: text(row, "id"),
    startedAtMs: number(row, "started_at"),
    endedAtMs: numberOrNull(row, "ended_at"),
    afterSequence: number(row, "after_sequence"),
    untilSequence: numberOrNull(row, "until_sequence"),
  };
}

export function beginSitting(db: WritableDb, id: string, authorId: AuthorId, nowMs: number): void {
  db.run(
    `INSERT INTO sitting (id, author_id, started_at, after_sequence)
     SELECT $id, $author_id, $now, last_sequence FROM device WHERE is_local = 1`,
    { id, author_id: authorId, now: nowMs },
  );
}

/** Ends the author's open sitting, and gives back what it holds unanswered. */
export function endSitting(db: WritableDb, authorId: AuthorId, nowMs: number): void {
  db.run(
    `UPDATE sitting SET ended_at = $now, until_sequence = (SELECT last_sequence FROM device WHERE is_local = 1)
     WHERE author_id = $author_id AND ended_at IS NULL`,
    { author_id: authorId, now: nowMs },
  );
  db.run(
    `UPDATE ask SET claimed_by = NULL, claimed_until = NULL WHERE outcome = 'open' AND claimed_by = $author_id
       AND id NOT IN (SELECT ask_id FROM check_item)`,
    { author_id: authorId },
  );
}

/** A judgment of a sitting with what its ask is for. */
export type SittingJudgment = {
  readonly judgment: Judgment;
  readonly purpose: string;
  readonly knownWinner: "first" | "second" | null;
  /** Of a repeat: the verdict in force of what it repeats. */
  readonly originalVerdict: string | null;
  readonly isFlagged: boolean;
  /** Characters of both responses. */
  readonly length: number;
};

/** Overall judgments in force that were made in the sitting, in the order made. */
export function sittingJudgments(db: ReadableDb, authorId: AuthorId, sitting: Sitting): SittingJudgment[] {
  return db
    .all(
      `SELECT j.*, k.purpose, c.known_winner, coalesce(f.is_set, 0) AS is_flagged,
         (SELECT sum(length(r.text)) FROM ask_response s JOIN response r ON r.id = s.response_id WHERE s.ask_id = k.id) AS length,
         (SELECT o.verdict FROM current_judgment o WHERE o.ask_id = c.original_ask_id AND o.author_id = j.author_id AND o.criterion IS NULL) AS original_verdict
       FROM current_judgment j JOIN ask k ON k.id = j.ask_id LEFT JOIN check_item c ON c.ask_id = k.id
         LEFT JOIN flag f ON f.ask_id = k.id AND f.author_id = j.author_id
       WHERE j.author_id = $author_id AND j.criterion IS NULL AND j.is_correction = 0 AND j.sequence > $after AND j.sequence <= $until
         AND j.device_id = (SELECT id FROM device WHERE is_local = 1) ORDER BY j.sequence`,
      { author_id: authorId, after: sitting.afterSequence, until: sitting.untilSequence ?? Number.MAX_SAFE_INTEGER },
    )
    .map((row) => ({
      judgment: toJudgment(row),
      purpose: text(row, "purpose"),
      knownWinner: textOrNull(row, "known_winner") as SittingJudgment["knownWinner"], // its CHECK allows just these words
      originalVerdict: textOrNull(row, "original_verdict"),
      isFlagged: flag(row, "is_flagged"),
      length: numberOrNull(row, "length") ?? 0,
    }));
}

/** Counts of a sitting without reading its texts. */
export function sittingCounts(
  db: ReadableDb,
  authorId: AuthorId,
  sitting: Sitting,
): { readonly judged: number; readonly skipped: number; readonly workedMs: number } {
  const row = db.get(
    `SELECT coalesce(sum(j.verdict <> 'abstains'), 0) AS judged, coalesce(sum(j.verdict = 'abstains'), 0) AS skipped,
       coalesce(sum(j.duration_ms), 0) AS worked
     FROM current_judgment j WHERE j.author_id = $author_id AND j.criterion IS NULL AND j.is_correction = 0 AND j.sequence > $after AND j.sequence <= $until`,
    { author_id: authorId, after: sitting.afterSequence, until: sitting.untilSequence ?? Number.MAX_SAFE_INTEGER },
  );
  return { judged: number(row ?? {}, "judged"), skipped: number(row ?? {}, "skipped"), workedMs: number(row ?? {}, "worked") };
}
