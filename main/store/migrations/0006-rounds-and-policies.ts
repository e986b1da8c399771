/** Migration 6: what was said of a round before it began, the early end of a training run, and policies that were taken out. */
import type { Migration } from "./migration.ts";

export const roundsAndPolicies: Migration = {
  id: 6,
  name: "rounds-and-policies",
  sql: `
-- A training run that is to end with the best checkpoint it has.
CREATE TABLE training_stop (
  attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES stage_attempt (id),
  requested_at INTEGER NOT NULL,
  kept_step INTEGER,                    -- the checkpoint that became the policy; null until the run has ended
  kept_loss REAL,                       -- its measure (app/training/best-checkpoint.ts)
  CHECK ((kept_step IS NULL) = (kept_loss IS NULL))
) STRICT, WITHOUT ROWID;

-- Said before a round was started, so that it can be held against what came.
CREATE TABLE round_forecast (
  round_id TEXT NOT NULL PRIMARY KEY REFERENCES round (id),
  said_at INTEGER NOT NULL,
  forecast TEXT NOT NULL                -- JSON: name of a row to {value, low, high, source}
) STRICT, WITHOUT ROWID;

-- A policy that was added by hand can be taken out of the experiment; its row stays.
CREATE TABLE policy_removal (
  policy_id TEXT NOT NULL PRIMARY KEY REFERENCES policy (id),
  removed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP VIEW current_policy;
CREATE VIEW current_policy AS
  SELECT p.* FROM policy p LEFT JOIN stage_attempt a ON a.id = p.attempt_id
  WHERE (a.id IS NULL OR a.state <> 'superseded') AND NOT EXISTS (SELECT 1 FROM policy_removal r WHERE r.policy_id = p.id);
`,
};
