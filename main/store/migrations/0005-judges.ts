/** Migration 5: AI judges: endpoints, the hosts that prompts may go to, templates, snapshots, and every paid request. */
import type { Migration } from "./migration.ts";

export const judges: Migration = {
  id: 5,
  name: "judges",
  sql: `
-- Where judges are asked. Keys are never here: the host's secret store has them.
CREATE TABLE endpoint (
  name TEXT NOT NULL PRIMARY KEY,
  config TEXT NOT NULL,                 -- JSON, app/domain/endpoint.ts
  key_set_at INTEGER                    -- when a key was last given; null: never
) STRICT;

-- Hosts to which prompts of this experiment may go, confirmed once.
CREATE TABLE allowed_host (
  host TEXT NOT NULL PRIMARY KEY,
  prompts INTEGER NOT NULL,             -- how many there were when it was confirmed
  allowed_at INTEGER NOT NULL
) STRICT;

-- Texts of templates as they were used; a run keeps to the version it was planned with.
CREATE TABLE judge_template (
  version TEXT NOT NULL PRIMARY KEY,    -- SHA-256 of the text
  name TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- What a model called itself in its replies. The first is pinned; another must be accepted.
CREATE TABLE judge_snapshot (
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,                  -- as it was asked for
  snapshot TEXT NOT NULL,               -- as it answered
  first_seen_at INTEGER NOT NULL,
  accepted_at INTEGER,                  -- null: seen, but not to be used
  PRIMARY KEY (base_url, model, snapshot)
) STRICT, WITHOUT ROWID;

-- One intent to pay: committed before its first send, closed once by its reply.
CREATE TABLE judge_request (
  id TEXT NOT NULL PRIMARY KEY,         -- also its Idempotency-Key
  ask_id TEXT REFERENCES ask (id),      -- null: a test of the endpoint
  member INTEGER NOT NULL,              -- of a jury, from 0
  try INTEGER NOT NULL,                 -- from 1; a later one follows an unusable reply
  base_url TEXT NOT NULL,
  model TEXT NOT NULL,
  request_hash TEXT NOT NULL,           -- address, model, template, texts, order, settings
  -- open: no reply yet; answered; unusable: a reply, but no verdict in it; refused: the endpoint would not take it;
  -- cached: answered by an earlier request's reply, and never sent
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'unusable', 'refused', 'cached')),
  sends INTEGER NOT NULL,
  in_flight INTEGER NOT NULL CHECK (in_flight IN (0, 1)),   -- the last send has not been heard of
  unsure_sends INTEGER NOT NULL,        -- sends whose reply was lost, and which the endpoint may have charged for besides
  honours_idempotency INTEGER NOT NULL CHECK (honours_idempotency IN (0, 1)),
  max_cost_usd REAL,                    -- of one send; null: no price is known
  cost_usd REAL,
  prompt_tokens INTEGER,
  reply_tokens INTEGER,
  has_odd_usage INTEGER NOT NULL DEFAULT 0 CHECK (has_odd_usage IN (0, 1)),  -- the reply's figures cannot be: counted at the most
  snapshot TEXT,
  reply TEXT,                           -- JSON: text, how it ended, probabilities of letters
  error TEXT,                           -- why there is no usable reply
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  duration_ms REAL,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((state IN ('answered', 'cached')) <= (reply IS NOT NULL)),
  CHECK (state <> 'cached' OR (sends = 0 AND cost_usd = 0)),
  CHECK (unsure_sends <= sends)
) STRICT;
CREATE INDEX judge_request_ask ON judge_request (ask_id, member, try);
CREATE INDEX judge_request_hash ON judge_request (request_hash, snapshot) WHERE state = 'answered';
CREATE INDEX judge_request_open ON judge_request (ask_id) WHERE state = 'open';

CREATE TRIGGER judge_request_is_kept BEFORE DELETE ON judge_request BEGIN SELECT RAISE(ABORT, 'paid requests are never deleted'); END;
CREATE TRIGGER judge_request_is_closed_once BEFORE UPDATE ON judge_request WHEN OLD.state <> 'open'
  BEGIN SELECT RAISE(ABORT, 'a closed request does not change'); END;
`,
};
