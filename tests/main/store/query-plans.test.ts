/** Queries that run once a unit of work find their rows by an index, however large the experiment has grown. */
import { describe, expect, it } from "vitest";
import { openEmpty } from "./support.ts";

const PLANS: readonly (readonly [string, string])[] = [
  ["ask_open", "SELECT * FROM ask WHERE attempt_id = $a AND outcome = 'open' ORDER BY ordinal LIMIT 10"],
  ["judgment_ask", "SELECT * FROM judgment_head WHERE ask_id = $a AND author_id = $b AND criterion IS NULL"],
  ["judgment_supersedes", "SELECT * FROM judgment_head WHERE ask_id = $a"],
  ["judgment_author", "SELECT j.* FROM current_judgment j WHERE j.author_id = $a ORDER BY j.sequence DESC LIMIT 1"],
  ["judgment_pair", "SELECT * FROM policy_outcome WHERE first_id = $a AND second_id = $b"],
  ["judgment_ask", "SELECT * FROM shown_judgment WHERE ask_id = $a"],
  ["judgment_pair", "SELECT * FROM disagreement_anew WHERE first_id = $a AND second_id = $b"],
  ["sqlite_autoindex_judgment_1", "SELECT * FROM ledger_entry_anew WHERE judgment_id = $a"],
  ["taken_back_attempt", "SELECT count(*) FROM taken_back WHERE attempt_id = $a"],
  ["response_unit", "SELECT prompt_id, sample_index FROM response WHERE attempt_id = $a AND policy_id = $b"],
  ["stage_attempt_live", "SELECT * FROM current_attempt WHERE round_id = $a AND is_comparison = 0"],
  ["preference_pair_attempt", "SELECT * FROM preference_pair WHERE attempt_id = $a ORDER BY id"],
  ["prompt_split", "SELECT * FROM prompt WHERE split = $a ORDER BY hash"],
];

describe("the index", () => {
  it.each(PLANS)("%s serves: %s", (index, sql) => {
    const steps = openEmpty().all(`EXPLAIN QUERY PLAN ${sql}`, { a: "", ...(sql.includes("$b") ? { b: "" } : {}) });
    expect(steps.map((step) => step["detail"]).join("\n")).toContain(index);
  });

  it.each(["SELECT * FROM current_judgment", "SELECT * FROM shown_judgment WHERE ask_id = 'a'", "SELECT * FROM ledger_entry_anew"])(
    "by author does not serve: %s",
    (sql) => {
      // It would look at all that the author has judged since, for every judgment.
      const steps = openEmpty().all(`EXPLAIN QUERY PLAN ${sql}`);
      expect(steps.map((step) => step["detail"]).join("\n")).not.toContain("judgment_author");
    },
  );
});
