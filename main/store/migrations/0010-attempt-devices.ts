/** Migration 10: on which devices a run's models were. */
import type { Migration } from "./migration.ts";

export const attemptDevices: Migration = {
  id: 10,
  name: "attempt-devices",
  sql: `
-- One row each time a run's models moved to another device. Once one failed, the run stays on the CPU.
CREATE TABLE attempt_device (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  device TEXT NOT NULL,
  failed_device TEXT,                   -- null: as chosen, not because another failed
  reason TEXT,
  moved_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, number),
  CHECK ((failed_device IS NULL) = (reason IS NULL))
) STRICT, WITHOUT ROWID;
`,
};
