/** Migration 15: which data files a run sees. */
import type { Migration } from "./migration.ts";

export const attemptImports: Migration = {
  id: 15,
  name: "attempt-imports",
  sql: `
-- Files may be imported at any time; a run, also one that goes on after a kill, works with those whose import had ended
-- when it was begun. Runs of before saw all.
CREATE TABLE attempt_import (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  import_id TEXT NOT NULL REFERENCES import (id),
  PRIMARY KEY (attempt_id, import_id)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt_import (attempt_id, import_id) SELECT a.id, i.id FROM stage_attempt a, import i WHERE i.state <> 'open';
`,
};
