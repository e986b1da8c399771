/** What the annotator's queue asks of the database. */
import type { AttemptId, AuthorId } from "#app/base/ids.ts";
import { number, type ReadableDb, text } from "../database.ts";

/** The live attempt that people judge now: running, with asks for people. There is one at most. */
export function attemptForPeople(db: ReadableDb): AttemptId | undefined {
  const row = db.get(
    `SELECT a.id FROM current_attempt a WHERE a.state = 'running' AND EXISTS (
       SELECT 1 FROM ask k JOIN oracle o ON o.id = k.oracle_id WHERE k.attempt_id = a.id AND o.config ->> 'kind' = 'people')
     ORDER BY a.created_at DESC LIMIT 1`,
  );
  return row && (text(row, "id") as AttemptId);
}

/** Live judgments of an author on an attempt's asks. */
export function liveCountIn(db: ReadableDb, attemptId: AttemptId, authorId: AuthorId): number {
  const row = db.get(
    `SELECT count(*) AS n FROM current_judgment j JOIN ask k ON k.id = j.ask_id
     WHERE k.attempt_id = $attempt_id AND j.author_id = $author_id`,
    { attempt_id: attemptId, author_id: authorId },
  );
  return row === undefined ? 0 : number(row, "n");
}
