/** Migration 8: live judgments are found by their ask, however many judgments their author has made. */
import type { Migration } from "./migration.ts";

export const liveJudgmentsByAsk: Migration = {
  id: 8,
  name: "live-judgments-by-ask",
  sql: `
-- The same judgments as before. The signs keep the index by author out of it: it would look at all that the author
-- has judged since, for every judgment that is asked about.
DROP VIEW current_judgment;
CREATE VIEW current_judgment AS
  SELECT h.* FROM judgment_head h
  WHERE h.is_retraction = 0 AND NOT EXISTS (
    SELECT 1 FROM judgment_head o
    WHERE o.ask_id = h.ask_id AND +o.author_id = h.author_id AND o.criterion IS h.criterion
      AND +o.first_id = h.first_id AND +o.second_id = h.second_id AND (+o.sequence, o.id) > (h.sequence, h.id));
`,
};
