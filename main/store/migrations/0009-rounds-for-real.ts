/** Migration 9: several rounds on one request, replayed pairs, the watch for a collapse, files that move with the folder and files that go. */
import type { Migration } from "./migration.ts";

export const roundsForReal: Migration = {
  id: 9,
  name: "rounds-for-real",
  sql: `
-- Checkpoints within the experiment's folder (merged, trained) are known by their path from there, so that it can be moved.
ALTER TABLE checkpoint ADD COLUMN is_inside INTEGER NOT NULL DEFAULT 0 CHECK (is_inside IN (0, 1));
UPDATE checkpoint SET is_inside = 1, path = 'artefacts/' || substr(a.hash, 1, 2) || '/' || a.hash
  FROM artefact a WHERE a.kind = 'export' AND replace(path, '\\', '/') LIKE '%/artefacts/' || substr(a.hash, 1, 2) || '/' || a.hash;
UPDATE checkpoint SET is_inside = 1, path = 'checkpoints/' || substr(p.checkpoint_hash, 1, 12) || '-' || substr(p.adapter_hash, 1, 12)
  FROM policy p WHERE p.adapter_hash IS NOT NULL AND checkpoint.is_inside = 0
    AND replace(path, '\\', '/') LIKE '%/checkpoints/' || substr(p.checkpoint_hash, 1, 12) || '-' || substr(p.adapter_hash, 1, 12);

-- When its files were given up to free the disk; the row stays for what names it.
ALTER TABLE artefact ADD COLUMN removed_at INTEGER;

-- Rounds that were asked for with one request: each next one is begun when the last is done.
CREATE TABLE round_series (
  id TEXT NOT NULL PRIMARY KEY,
  first_round INTEGER NOT NULL CHECK (first_round >= 1),
  last_round INTEGER NOT NULL CHECK (last_round >= first_round),
  asked_at INTEGER NOT NULL,
  ended_at INTEGER,                     -- null: there is more to do
  problem TEXT                          -- why the next round could not be begun; null where it could, or has not been tried
) STRICT;
CREATE UNIQUE INDEX round_series_open ON round_series (ended_at IS NULL) WHERE ended_at IS NULL;

-- Pairs of earlier rounds that are trained on again, by the run of the stage "pair" that took them in.
CREATE TABLE replayed_pair (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  pair_id TEXT NOT NULL REFERENCES preference_pair (id),
  age INTEGER NOT NULL CHECK (age >= 1),   -- rounds back
  PRIMARY KEY (attempt_id, pair_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX replayed_pair_pair ON replayed_pair (pair_id);

-- What an evaluation found of a policy's own held-out responses and of its grip on plain text (app/statistics/collapse-watch.ts).
CREATE TABLE collapse_watch (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  first_policy_id TEXT NOT NULL REFERENCES policy (id),
  responses INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  mean_tokens REAL NOT NULL,
  kl_nats REAL NOT NULL,                -- to the first policy, a response; estimator k1
  kl_standard_error REAL,               -- null for fewer than two responses
  kl_nats_per_token REAL NOT NULL,
  entropy_nats_per_token REAL NOT NULL,
  distinct_1 REAL, distinct_2 REAL, distinct_3 REAL,   -- null where no response is so long
  finished_share REAL NOT NULL,
  neutral_nats_per_token REAL NOT NULL,
  neutral_tokens INTEGER NOT NULL,
  neutral_text TEXT NOT NULL,           -- SHA-256 of the text
  PRIMARY KEY (attempt_id, policy_id)
) STRICT, WITHOUT ROWID;
`,
};
