/** Migration 3: what results are made of: matches of held-out responses, comparisons asked for on top, and the kept summary. */
import type { Migration } from "./migration.ts";

export const results: Migration = {
  id: 3,
  name: "results",
  sql: `
-- A comparison among policies that was asked for belongs to the round after which it was asked, beside its evaluation.
ALTER TABLE stage_attempt ADD COLUMN is_comparison INTEGER NOT NULL DEFAULT 0 CHECK (is_comparison IN (0, 1));
DROP INDEX stage_attempt_live;
CREATE UNIQUE INDEX stage_attempt_live ON stage_attempt (round_id, stage) WHERE state <> 'superseded' AND is_comparison = 0;
CREATE INDEX stage_attempt_comparison ON stage_attempt (created_at) WHERE is_comparison = 1;

-- The pairs that a comparison is to fill, and on which prompts. A player is a policy's id, or 'teacher'.
CREATE TABLE comparison_pair (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  ordinal INTEGER NOT NULL,
  first TEXT NOT NULL,
  second TEXT NOT NULL,
  PRIMARY KEY (attempt_id, first, second)
) STRICT, WITHOUT ROWID;

-- What is put against what: one held-out prompt, two players, their responses (null: it could not be sampled).
CREATE TABLE evaluation_match (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  first TEXT NOT NULL,
  second TEXT NOT NULL,
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  first_response_id TEXT REFERENCES response (id),
  second_response_id TEXT REFERENCES response (id),
  PRIMARY KEY (attempt_id, first, second, prompt_id)
) STRICT, WITHOUT ROWID;

-- Counts the judgments of evaluations, in their own transaction: a summary of another count is out of date.
CREATE TABLE evaluation_version (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), judgments INTEGER NOT NULL) STRICT;
INSERT INTO evaluation_version SELECT 1, count(*) FROM judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'evaluation';
CREATE TRIGGER evaluation_is_counted AFTER INSERT ON judgment WHEN (SELECT purpose FROM ask WHERE id = NEW.ask_id) = 'evaluation'
  BEGIN UPDATE evaluation_version SET judgments = judgments + 1; END;

-- What the results of a split came to; key: a hash of all that it was computed from.
CREATE TABLE result_summary (
  split TEXT NOT NULL PRIMARY KEY CHECK (split IN ('validation', 'test')),
  key TEXT NOT NULL,
  body TEXT NOT NULL,                   -- JSON, app/contract/result-views.ts
  made_at INTEGER NOT NULL
) STRICT;

-- AlpacaEval's length control: how hard each prompt is, and what length alone earned the baseline on it.
CREATE TABLE prompt_difficulty (prompt_id TEXT NOT NULL PRIMARY KEY REFERENCES prompt (id), difficulty REAL NOT NULL) STRICT;
CREATE TABLE length_anchor (
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  ordinal INTEGER NOT NULL,
  standard_length REAL NOT NULL,
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  PRIMARY KEY (prompt_id, ordinal)
) STRICT, WITHOUT ROWID;
`,
};
