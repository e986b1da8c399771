/** Migration 4: what annotating keeps beside verdicts: reasons, drafts, flags, sittings, items that check a person, settled disputes. */
import type { Migration } from "./migration.ts";

export const annotating: Migration = {
  id: 4,
  name: "annotating",
  sql: `
ALTER TABLE judgment ADD COLUMN tags TEXT;             -- JSON array of reason tags; null: none
ALTER TABLE judgment ADD COLUMN duration_ms REAL;      -- people: time the comparison was looked at for this verdict

-- Asks that check a person, or ask it again: made for one author, beside the attempt's plan.
CREATE TABLE check_item (
  ask_id TEXT NOT NULL PRIMARY KEY REFERENCES ask (id),
  author_id TEXT NOT NULL REFERENCES author (id),
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  place REAL NOT NULL,                  -- among the ordinals of the plan: it comes before the next greater one
  original_ask_id TEXT REFERENCES ask (id),    -- of a repeat
  known_winner TEXT CHECK (known_winner IN ('first', 'second')),   -- of practice and control items, in stored order
  is_dispute INTEGER NOT NULL CHECK (is_dispute IN (0, 1)),        -- asked again because oracles disagree
  CHECK ((original_ask_id IS NULL) <> (known_winner IS NULL))
) STRICT;
CREATE INDEX check_item_author ON check_item (author_id, attempt_id, place);
CREATE INDEX check_item_original ON check_item (original_ask_id) WHERE original_ask_id IS NOT NULL;

-- What a person wrote of a comparison and has not given with a verdict yet.
CREATE TABLE draft (
  ask_id TEXT NOT NULL REFERENCES ask (id),
  author_id TEXT NOT NULL REFERENCES author (id),
  body TEXT NOT NULL,                   -- JSON: text, tags, criteria by side as shown
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (ask_id, author_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flag (
  ask_id TEXT NOT NULL REFERENCES ask (id),
  author_id TEXT NOT NULL REFERENCES author (id),
  is_set INTEGER NOT NULL CHECK (is_set IN (0, 1)),
  set_at INTEGER NOT NULL,
  PRIMARY KEY (ask_id, author_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sitting (
  id TEXT NOT NULL PRIMARY KEY,
  author_id TEXT NOT NULL REFERENCES author (id),
  started_at INTEGER NOT NULL,
  after_sequence INTEGER NOT NULL,      -- its judgments are this device's beyond this number
  until_sequence INTEGER,               -- null while it goes on
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX sitting_open ON sitting (author_id) WHERE ended_at IS NULL;
CREATE INDEX sitting_author ON sitting (author_id, started_at);

-- Disputes that somebody has looked at: closed as long as no further judgment comes.
CREATE TABLE settled_dispute (
  attempt_id TEXT NOT NULL,
  first_id TEXT NOT NULL,
  second_id TEXT NOT NULL,
  judgments INTEGER NOT NULL,           -- live ones when it was settled
  author_id TEXT NOT NULL REFERENCES author (id),
  settled_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, first_id, second_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW open_dispute AS
  SELECT d.* FROM disagreement d JOIN current_attempt a ON a.id = d.attempt_id
  WHERE NOT EXISTS (SELECT 1 FROM settled_dispute s
    WHERE s.attempt_id = d.attempt_id AND s.first_id = d.first_id AND s.second_id = d.second_id AND s.judgments = d.judgments);
`,
};
