/** Migration 11: which records correct what somebody else said, and which of them a dispute's answer made. */
import type { Migration } from "./migration.ts";

export const corrections: Migration = {
  id: 11,
  name: "corrections",
  sql: `
ALTER TABLE judgment ADD COLUMN is_correction INTEGER NOT NULL DEFAULT 0 CHECK (is_correction IN (0, 1)); -- no answer to an ask: no undo takes it back
ALTER TABLE judgment ADD COLUMN settled_by_id TEXT REFERENCES judgment (id);   -- the dispute's answer that made it, or put back what that had superseded
-- Lists of scores, in the order in which they were planned.
CREATE INDEX ask_list ON ask (id) WHERE mode = 'listwise' AND outcome IN ('answered', 'failed');

CREATE INDEX judgment_settled_by ON judgment (settled_by_id) WHERE settled_by_id IS NOT NULL;

-- Until now a correction could be told by its author alone: it supersedes what another one said.
DROP TRIGGER judgment_is_fixed;
UPDATE judgment SET is_correction = 1 WHERE is_retraction = 0 AND reinstates_id IS NULL
  AND EXISTS (SELECT 1 FROM judgment o WHERE o.id = judgment.supersedes_id AND o.author_id <> judgment.author_id);
CREATE TRIGGER judgment_is_fixed BEFORE UPDATE ON judgment BEGIN SELECT RAISE(ABORT, 'judgments are append-only'); END;
`,
};
