/** Migration 13: how exactly the responses of a run were sampled, and why so. */
import type { Migration } from "./migration.ts";

export const attemptPrecision: Migration = {
  id: 13,
  name: "attempt-precision",
  sql: `
-- Decided once for a run and a policy, before its first response, so that a run that goes on samples as it began.
CREATE TABLE attempt_precision (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  used TEXT NOT NULL CHECK (used IN ('float32', '8bit')),
  -- Nats a token: mean |log p in 8 bits - log p in float32|, and mean |log p - log p of the reference|, both of the policy.
  gap_nats REAL NOT NULL,
  distance_nats REAL,                   -- null for a policy that was not trained here
  token_count INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, policy_id)
) STRICT, WITHOUT ROWID;
`,
};
