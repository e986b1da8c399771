/** Migration 12: where prompts and other people's responses came from, and the preferences that came with them. */
import type { Migration } from "./migration.ts";

export const imports: Migration = {
  id: 12,
  name: "imports",
  sql: `
-- A data file that was read in. It is stored in short transactions: one that did not end has brought a part of its
-- rows, and the same file again brings the rest.
CREATE TABLE import (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,                   -- of the file
  content_hash TEXT NOT NULL,           -- SHA-256 of its bytes
  format TEXT NOT NULL CHECK (format IN ('jsonl', 'json', 'csv', 'parquet', 'text')),
  shapes TEXT NOT NULL,                 -- JSON: rows by shape (app/preferences/rows/shapes.ts)
  choices TEXT NOT NULL,                -- JSON: split, part, columns and what was left out
  prompts INTEGER NOT NULL DEFAULT 0,   -- that were new
  teacher_responses INTEGER NOT NULL DEFAULT 0,
  pairs INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'interrupted')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((state = 'open') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX import_open ON import (state) WHERE state = 'open';

ALTER TABLE prompt ADD COLUMN import_id TEXT REFERENCES import (id);
ALTER TABLE response ADD COLUMN import_id TEXT REFERENCES import (id);

-- Preferences of others between two responses that came with a prompt; scores in the file's own unit.
CREATE TABLE imported_pair (
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  chosen_id TEXT NOT NULL REFERENCES response (id),
  rejected_id TEXT NOT NULL REFERENCES response (id),
  chosen_score REAL,
  rejected_score REAL,
  import_id TEXT NOT NULL REFERENCES import (id),
  PRIMARY KEY (prompt_id, chosen_id, rejected_id),
  CHECK (chosen_id <> rejected_id)
) STRICT, WITHOUT ROWID;
`,
};
