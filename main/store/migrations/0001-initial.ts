/** Migration 1: everything an experiment keeps. Ids are UUIDv7 texts unless a comment says otherwise; times are ms since 1970. */
import type { Migration } from "./migration.ts";

export const initial: Migration = {
  id: 1,
  name: "initial",
  sql: `
CREATE TABLE experiment (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  config TEXT NOT NULL,                 -- JSON, app/domain/experiment.ts
  created_at INTEGER NOT NULL
) STRICT;

-- Who writes here: each installation is a device that numbers its records from 1.
CREATE TABLE device (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  is_local INTEGER NOT NULL CHECK (is_local IN (0, 1)),
  last_sequence INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX device_local ON device (is_local) WHERE is_local = 1;

CREATE TABLE author (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'judge', 'script'))
) STRICT;

CREATE TABLE oracle (
  id TEXT NOT NULL PRIMARY KEY,
  version TEXT NOT NULL UNIQUE,         -- SHA-256 of the canonical configuration
  name TEXT NOT NULL,
  config TEXT NOT NULL
) STRICT;

-- Imported packs of someone else's records.
CREATE TABLE pack (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE prompt (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,            -- SHA-256 of the normalised text
  messages TEXT NOT NULL,               -- JSON array of {role, content}
  split TEXT NOT NULL CHECK (split IN ('training', 'validation', 'test')),
  shard INTEGER,                        -- training prompts only
  source TEXT NOT NULL,
  CHECK ((split = 'training') = (shard IS NOT NULL))
) STRICT;
CREATE INDEX prompt_split ON prompt (split, shard, hash);

CREATE TABLE checkpoint (
  hash TEXT NOT NULL PRIMARY KEY,       -- content hash of the tensors
  path TEXT NOT NULL,                   -- what the user named
  family TEXT NOT NULL,
  parameter_count INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  header_hash TEXT NOT NULL
) STRICT;

CREATE TABLE artefact (
  hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('adapter', 'trainingCheckpoint', 'export')),
  size_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE round (
  id TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE CHECK (number >= 1),
  policy_id TEXT NOT NULL REFERENCES policy (id)   -- samples, and is the reference of the loss
) STRICT;

CREATE TABLE stage_attempt (
  id TEXT NOT NULL PRIMARY KEY,
  round_id TEXT NOT NULL REFERENCES round (id),
  stage TEXT NOT NULL CHECK (stage IN ('sample', 'judge', 'pair', 'train', 'evaluate')),
  number INTEGER NOT NULL CHECK (number >= 1),
  input_hash TEXT NOT NULL,
  config TEXT NOT NULL,                 -- the resolved configuration, JSON
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'superseded')),
  pause_requested INTEGER NOT NULL DEFAULT 0 CHECK (pause_requested IN (0, 1)),
  created_at INTEGER NOT NULL,
  started_at INTEGER,                   -- of the first run
  running_since INTEGER,                -- only while running
  ended_at INTEGER,
  active_ms INTEGER NOT NULL DEFAULT 0,
  units_done INTEGER NOT NULL DEFAULT 0,
  units_total INTEGER,                  -- null until the run has planned
  engine_deaths INTEGER NOT NULL DEFAULT 0,   -- in a row
  error TEXT,                           -- of the last failure
  UNIQUE (round_id, stage, number)
) STRICT;
CREATE UNIQUE INDEX stage_attempt_live ON stage_attempt (round_id, stage) WHERE state <> 'superseded';

CREATE TABLE policy (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  checkpoint_hash TEXT NOT NULL REFERENCES checkpoint (hash),
  adapter_hash TEXT REFERENCES artefact (hash),    -- null: the bare checkpoint
  parent_id TEXT REFERENCES policy (id),
  attempt_id TEXT REFERENCES stage_attempt (id),   -- null: added by hand
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX policy_attempt ON policy (attempt_id);

CREATE TABLE response (
  id TEXT NOT NULL PRIMARY KEY,
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  policy_id TEXT REFERENCES policy (id),           -- null for a teacher's response
  attempt_id TEXT REFERENCES stage_attempt (id),   -- null for what came with the prompts
  source TEXT NOT NULL CHECK (source IN ('policy', 'teacher', 'imported')),
  sample_index INTEGER NOT NULL,
  text TEXT NOT NULL,
  token_ids BLOB NOT NULL,              -- little-endian uint32
  finish_reason TEXT NOT NULL CHECK (finish_reason IN ('endOfText', 'stop', 'length')),
  logp REAL,                            -- nats; null where it was not measured
  is_repetitive INTEGER NOT NULL CHECK (is_repetitive IN (0, 1)),
  CHECK (source <> 'policy' OR (policy_id IS NOT NULL AND attempt_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX response_unit ON response (attempt_id, policy_id, prompt_id, sample_index) WHERE attempt_id IS NOT NULL;
CREATE UNIQUE INDEX response_teacher ON response (prompt_id, source, sample_index) WHERE attempt_id IS NULL;

-- Units that cannot be sampled (a prompt longer than the model's context), with the reason.
CREATE TABLE sample_skip (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  sample_index INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (attempt_id, policy_id, prompt_id, sample_index)
) STRICT, WITHOUT ROWID;

-- One presentation to an oracle. Open asks are intents; an ask is closed once.
CREATE TABLE ask (
  id TEXT NOT NULL PRIMARY KEY,
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  oracle_id TEXT NOT NULL REFERENCES oracle (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('training', 'evaluation', 'practice', 'control', 'repeat')),
  mode TEXT NOT NULL CHECK (mode IN ('pairwise', 'listwise')),
  ordinal INTEGER NOT NULL,             -- place in the attempt's plan
  template_version TEXT,                -- null where no template is used
  guideline_version TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('open', 'answered', 'failed', 'withdrawn')),
  raw_reply TEXT,
  prompt_tokens INTEGER,
  reply_tokens INTEGER,
  cost_usd REAL,
  max_cost_usd REAL,                    -- what the cap counts while the ask is open
  asked_at INTEGER,                     -- null until it is shown or sent
  duration_ms REAL,
  claimed_by TEXT REFERENCES author (id),   -- people: who has it on the screen
  claimed_until INTEGER,
  author_id TEXT REFERENCES author (id),    -- who answered; null while open
  device_id TEXT NOT NULL REFERENCES device (id),
  sequence INTEGER NOT NULL,
  pack_id TEXT REFERENCES pack (id),
  UNIQUE (device_id, sequence),
  UNIQUE (attempt_id, ordinal)
) STRICT;
CREATE INDEX ask_open ON ask (attempt_id, ordinal) WHERE outcome = 'open';
CREATE INDEX ask_attempt ON ask (attempt_id, outcome);

CREATE TABLE ask_response (
  ask_id TEXT NOT NULL REFERENCES ask (id),
  position INTEGER NOT NULL CHECK (position >= 0),   -- as shown, from 0
  response_id TEXT NOT NULL REFERENCES response (id),
  PRIMARY KEY (ask_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX ask_response_response ON ask_response (response_id);

-- Append-only. A correction or an undo supersedes; the live judgment is the head of its chain.
CREATE TABLE judgment (
  id TEXT NOT NULL PRIMARY KEY,
  ask_id TEXT NOT NULL REFERENCES ask (id),
  first_id TEXT NOT NULL REFERENCES response (id),    -- stored order: first_id < second_id
  second_id TEXT NOT NULL REFERENCES response (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('first', 'second', 'tie', 'bothBad', 'abstains', 'invalid')),
  strength TEXT CHECK (strength IN ('slight', 'clear')),   -- with first and second only
  reason TEXT,                          -- why invalid
  probability REAL,                     -- P(first is preferred), where the oracle gives one
  criterion TEXT,                       -- null: overall
  rationale TEXT,
  made_at INTEGER NOT NULL,
  supersedes_id TEXT REFERENCES judgment (id),
  is_retraction INTEGER NOT NULL DEFAULT 0 CHECK (is_retraction IN (0, 1)),
  reinstates_id TEXT REFERENCES judgment (id), -- the judgment that a redo puts back
  request_id TEXT UNIQUE,               -- the caller's own name of this act: the same act twice is one judgment
  author_id TEXT NOT NULL REFERENCES author (id),
  device_id TEXT NOT NULL REFERENCES device (id),
  sequence INTEGER NOT NULL,
  pack_id TEXT REFERENCES pack (id),
  UNIQUE (device_id, sequence),
  CHECK (first_id < second_id),
  CHECK ((verdict IN ('first', 'second')) = (strength IS NOT NULL)),
  CHECK ((verdict = 'invalid') = (reason IS NOT NULL)),
  CHECK (is_retraction = 0 OR supersedes_id IS NOT NULL),
  CHECK (reinstates_id IS NULL OR (is_retraction = 0 AND supersedes_id IS NOT NULL))
) STRICT;
CREATE INDEX judgment_ask ON judgment (ask_id, author_id);
CREATE INDEX judgment_supersedes ON judgment (supersedes_id) WHERE supersedes_id IS NOT NULL;
CREATE INDEX judgment_author ON judgment (author_id, sequence);

-- Listwise scores; never compared across asks.
CREATE TABLE score (
  ask_id TEXT NOT NULL REFERENCES ask (id),
  response_id TEXT NOT NULL REFERENCES response (id),
  score INTEGER NOT NULL,
  PRIMARY KEY (ask_id, response_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE preference_pair (
  id TEXT NOT NULL PRIMARY KEY,
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  chosen_id TEXT NOT NULL REFERENCES response (id),
  rejected_id TEXT NOT NULL REFERENCES response (id),
  preference_margin REAL,               -- null where the rule uses scores or nothing
  chosen_win_rate REAL,
  rejected_win_rate REAL,
  chosen_score INTEGER,
  rejected_score INTEGER,
  UNIQUE (attempt_id, chosen_id, rejected_id),
  CHECK (chosen_id <> rejected_id)
) STRICT;
CREATE INDEX preference_pair_attempt ON preference_pair (attempt_id);

-- Named counts of a run: why responses made no pair, what was dropped.
CREATE TABLE attempt_count (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (attempt_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE training_checkpoint (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  step INTEGER NOT NULL,
  artefact_hash TEXT NOT NULL REFERENCES artefact (hash),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, step)
) STRICT, WITHOUT ROWID;

-- A step that is computed again after a restart replaces its row.
CREATE TABLE metric (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  step INTEGER NOT NULL CHECK (step >= 1),
  metrics TEXT NOT NULL,                -- JSON, TRL's names
  PRIMARY KEY (attempt_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE win_rate (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  opponent_id TEXT NOT NULL REFERENCES policy (id),
  roles TEXT NOT NULL,                  -- JSON array: previous, first
  n INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  win_rate REAL NOT NULL,
  standard_error REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  interval TEXT NOT NULL CHECK (interval IN ('maxTBootstrap', 'wilson')),
  is_simultaneous INTEGER NOT NULL CHECK (is_simultaneous IN (0, 1)),
  mean_length REAL NOT NULL,
  opponent_mean_length REAL NOT NULL,
  PRIMARY KEY (attempt_id, policy_id, opponent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation (
  attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('improved', 'noSignificantChange', 'worse', 'tooFew')),
  sentence TEXT NOT NULL
) STRICT;

-- Each evaluation on the test split is one look at it.
CREATE TABLE test_look (
  attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES stage_attempt (id),
  looked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
  id TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,                   -- past tense: round.started, ask.answered, ...
  body TEXT NOT NULL,                   -- JSON
  made_at INTEGER NOT NULL,
  author_id TEXT REFERENCES author (id),
  device_id TEXT NOT NULL REFERENCES device (id),
  sequence INTEGER NOT NULL,
  pack_id TEXT REFERENCES pack (id),
  UNIQUE (device_id, sequence)
) STRICT;

-- Blanks a text everywhere; its hash and the statistics stay.
CREATE TABLE redaction (
  id TEXT NOT NULL PRIMARY KEY,
  prompt_id TEXT REFERENCES prompt (id),
  response_id TEXT REFERENCES response (id),
  text_hash TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  CHECK ((prompt_id IS NULL) <> (response_id IS NULL))
) STRICT;

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TRIGGER judgment_is_kept BEFORE DELETE ON judgment BEGIN SELECT RAISE(ABORT, 'judgments are append-only'); END;
CREATE TRIGGER judgment_is_fixed BEFORE UPDATE ON judgment BEGIN SELECT RAISE(ABORT, 'judgments are append-only'); END;
CREATE TRIGGER score_is_kept BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'scores are append-only'); END;
CREATE TRIGGER score_is_fixed BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'scores are append-only'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER ask_is_kept BEFORE DELETE ON ask BEGIN SELECT RAISE(ABORT, 'asks are never deleted'); END;
CREATE TRIGGER ask_is_closed_once BEFORE UPDATE ON ask WHEN OLD.outcome <> 'open' BEGIN SELECT RAISE(ABORT, 'a closed ask does not change'); END;
CREATE TRIGGER response_is_kept BEFORE DELETE ON response BEGIN SELECT RAISE(ABORT, 'responses are never deleted'); END;
CREATE TRIGGER superseded_is_final BEFORE UPDATE OF state ON stage_attempt WHEN OLD.state = 'superseded'
  BEGIN SELECT RAISE(ABORT, 'a superseded attempt does not come back'); END;

CREATE VIEW current_attempt AS SELECT * FROM stage_attempt WHERE state <> 'superseded';
CREATE VIEW current_policy AS
  SELECT p.* FROM policy p LEFT JOIN stage_attempt a ON a.id = p.attempt_id WHERE a.id IS NULL OR a.state <> 'superseded';
CREATE VIEW current_response AS
  SELECT r.* FROM response r LEFT JOIN stage_attempt a ON a.id = r.attempt_id WHERE a.id IS NULL OR a.state <> 'superseded';
CREATE VIEW current_ask AS SELECT k.* FROM ask k JOIN current_attempt a ON a.id = k.attempt_id;
CREATE VIEW current_pair AS SELECT p.* FROM preference_pair p JOIN current_attempt a ON a.id = p.attempt_id;
CREATE VIEW current_metric AS SELECT m.* FROM metric m JOIN current_attempt a ON a.id = m.attempt_id;
CREATE VIEW current_win_rate AS SELECT w.* FROM win_rate w JOIN current_attempt a ON a.id = w.attempt_id;

-- Heads: judgments that no other supersedes. Of several heads of one ask, author and criterion the greatest
-- (sequence, id) wins; a retraction that wins leaves no live judgment.
CREATE VIEW judgment_head AS
  SELECT j.* FROM judgment j WHERE NOT EXISTS (SELECT 1 FROM judgment n WHERE n.supersedes_id = j.id);
CREATE VIEW current_judgment AS
  SELECT h.* FROM judgment_head h
  WHERE h.is_retraction = 0 AND NOT EXISTS (
    SELECT 1 FROM judgment_head o
    WHERE o.ask_id = h.ask_id AND o.author_id = h.author_id AND o.criterion IS h.criterion
      AND o.first_id = h.first_id AND o.second_id = h.second_id AND (o.sequence, o.id) > (h.sequence, h.id));
CREATE VIEW dispute AS
  SELECT h.ask_id, h.author_id, h.criterion, count(*) AS heads FROM judgment_head h
  GROUP BY h.ask_id, h.author_id, h.criterion, h.first_id, h.second_id HAVING count(*) > 1;

-- Comparisons that follow from listwise scores.
CREATE VIEW score_comparison AS
  SELECT a.ask_id, a.response_id AS first_id, b.response_id AS second_id,
    CASE WHEN a.score > b.score THEN 'first' WHEN a.score < b.score THEN 'second' ELSE 'tie' END AS verdict
  FROM score a JOIN score b ON b.ask_id = a.ask_id AND a.response_id < b.response_id;
`,
};
