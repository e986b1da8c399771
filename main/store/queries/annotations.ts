/** What a person leaves beside verdicts: drafts of reasons and flags. */
import type { AskId, AuthorId } from "#app/base/ids.ts";
import { flag, number, type ReadableDb, text, type WritableDb } from "../database.ts";

export type StoredDraft = { readonly body: string; readonly savedAtMs: number };

export function saveDraft(db: WritableDb, askId: AskId, authorId: AuthorId, body: string, nowMs: number): void {
  db.run(
    `INSERT INTO draft (ask_id, author_id, body, saved_at) VALUES ($ask_id, $author_id, $body, $now)
     ON CONFLICT DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at`,
    { ask_id: askId, author_id: authorId, body, now: nowMs },
  );
}

export function draftOf(db: ReadableDb, askId: AskId, authorId: AuthorId): StoredDraft | undefined {
  const row = db.get("SELECT body, saved_at FROM draft WHERE ask_id = $ask_id AND author_id = $author_id", { ask_id: askId, author_id: authorId });
  return row && { body: text(row, "body"), savedAtMs: number(row, "saved_at") };
}

export function dropDraft(db: WritableDb, askId: AskId, authorId: AuthorId): void {
  db.run("DELETE FROM draft WHERE ask_id = $ask_id AND author_id = $author_id", { ask_id: askId, author_id: authorId });
}

export function setFlag(db: WritableDb, askId: AskId, authorId: AuthorId, isSet: boolean, nowMs: number): void {
  db.run(
    `INSERT INTO flag (ask_id, author_id, is_set, set_at) VALUES ($ask_id, $author_id, $is_set, $now)
     ON CONFLICT DO UPDATE SET is_set = excluded.is_set, set_at = excluded.set_at`,
    { ask_id: askId, author_id: authorId, is_set: isSet ? 1 : 0, now: nowMs },
  );
}

export function isFlagged(db: ReadableDb, askId: AskId, authorId: AuthorId): boolean {
  const row = db.get("SELECT is_set FROM flag WHERE ask_id = $ask_id AND author_id = $author_id", { ask_id: askId, author_id: authorId });
  return row !== undefined && flag(row, "is_set");
}
