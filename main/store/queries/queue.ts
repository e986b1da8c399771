/** What the annotator's queue asks of the database. */
import type { AttemptId, AuthorId } from "#app/base/ids.ts";
import { number, type ReadableDb, text } from "../database.ts";

/** The live attempt that people judge now: running, with asks for people. There is one at most. */
export function attemptForPeople(db: ReadableDb): AttemptId | undefined {
  const row = db.get(
    `SELECT a.id FROM current_attempt a WHERE a.state = 'running' AND EXISTS (
       SELECT 1 FROM ask k JOIN oracle o ON o.id = k.oracle_id WHERE k.attempt_id = a.id AND k.purpose IN ('training', 'evaluation') AND o.config ->> 'kind' = 'people')
     ORDER BY a.created_at DESC LIMIT 1`,
  );
  return row && (text(row, "id") as AttemptId);
}

/** Live overall judgments of an author on an attempt's plan, skips included. */
export function liveCountIn(db: ReadableDb, attemptId: AttemptId, authorId: AuthorId): number {
  const row = db.get(
    `SELECT coalesce(sum(n), 0) AS n FROM verdict_count
     WHERE attempt_id = $attempt_id AND author_id = $author_id AND purpose IN ('training', 'evaluation') AND criterion = ''`,
    { attempt_id: attemptId, author_id: authorId },
  );
  return row === undefined ? 0 : number(row, "n");
}
