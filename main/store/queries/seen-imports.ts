/** What of the imported is there to be seen: by a run what had been imported when it was begun, else what has been by now. */
import type { AttemptId } from "#app/base/ids.ts";
import type { SqlParams, WritableDb } from "../database.ts";

export type Seen = { readonly sql: string; readonly params: SqlParams };

/**
 * A condition on rows with an import_id. Without a run it leaves out what a file brings that is being imported: its rows
 * come in many transactions, and a part of a file is not what anybody asked for.
 */
export function seenBy(attemptId: AttemptId | undefined, table: string): Seen {
  const ofNoImport = `${table}.import_id IS NULL`;
  if (attemptId === undefined) {
    return { sql: `(${ofNoImport} OR ${table}.import_id NOT IN (SELECT id FROM import WHERE state = 'open'))`, params: {} };
  }
  return {
    sql: `(${ofNoImport} OR ${table}.import_id IN (SELECT import_id FROM attempt_import WHERE attempt_id = $seen_by))`,
    params: { seen_by: attemptId },
  };
}

/** Ties a run that is being made to the files that have been imported. */
export function keepSeenImports(db: WritableDb, attemptId: AttemptId): void {
  db.run("INSERT INTO attempt_import (attempt_id, import_id) SELECT $attempt_id, id FROM import WHERE state <> 'open'", { attempt_id: attemptId });
}
