/** Migration 14: circles in the verdicts on each prompt's answers, and the verdict on a policy that comes of them. */
import type { Migration } from "./migration.ts";

export const answerCircles: Migration = {
  id: 14,
  name: "answer-circles",
  sql: `
-- Counted where pairs are made, of the same verdicts; app/statistics/count-circles.kernel.ts. Prompts without a decided triple are left out.
CREATE TABLE answer_circles (
  attempt_id TEXT NOT NULL REFERENCES stage_attempt (id),
  prompt_id TEXT NOT NULL REFERENCES prompt (id),
  triples INTEGER NOT NULL CHECK (triples > 0),
  circular INTEGER NOT NULL CHECK (circular BETWEEN 0 AND triples),
  fourths INTEGER NOT NULL,
  drawn_in INTEGER NOT NULL CHECK (drawn_in BETWEEN 0 AND fourths),
  PRIMARY KEY (attempt_id, prompt_id)
) STRICT, WITHOUT ROWID;

-- A win is no step forward where verdicts run in circles: one more verdict. SQLite changes no CHECK in place.
CREATE TABLE new_recommendation (
  attempt_id TEXT NOT NULL PRIMARY KEY REFERENCES stage_attempt (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('improved', 'noSignificantChange', 'worse', 'tooFew', 'cycle')),
  sentence TEXT NOT NULL
) STRICT;
INSERT INTO new_recommendation SELECT attempt_id, policy_id, verdict, sentence FROM recommendation;
DROP TABLE recommendation;
ALTER TABLE new_recommendation RENAME TO recommendation;
`,
};
