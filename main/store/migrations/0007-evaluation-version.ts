/** Migration 7: judgments of evaluations are counted run by run, so that a run that goes on makes no other out of date. */
import type { Migration } from "./migration.ts";

export const evaluationVersion: Migration = {
  id: 7,
  name: "evaluation-version",
  sql: `
DROP TRIGGER evaluation_is_counted;
DROP TABLE evaluation_version;
CREATE TABLE evaluation_version (attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES stage_attempt (id), judgments INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO evaluation_version
  SELECT k.attempt_id, count(*) FROM judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'evaluation' GROUP BY k.attempt_id;
CREATE TRIGGER evaluation_is_counted AFTER INSERT ON judgment WHEN (SELECT purpose FROM ask WHERE id = NEW.ask_id) = 'evaluation'
  BEGIN
    INSERT INTO evaluation_version SELECT attempt_id, 1 FROM ask WHERE id = NEW.ask_id
      ON CONFLICT (attempt_id) DO UPDATE SET judgments = judgments + 1;
  END;
`,
};
