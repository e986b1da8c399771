/** What always holds in an experiment's database, as queries that must return no rows. */
import type { ReadableDb, Row } from "./database.ts";
import { LEDGER_COLUMNS, SUMMARY_TABLES } from "./queries/judgment-summary.ts";

export type Invariant = { readonly name: string; readonly sql: string };

export const invariants: readonly Invariant[] = [
  {
    name: "a round has one live attempt a stage",
    sql: "SELECT round_id, stage FROM current_attempt WHERE is_comparison = 0 GROUP BY round_id, stage HAVING count(*) > 1",
  },
  {
    name: "a stage is begun only when the one before it is done",
    sql: `WITH stage_order(stage, place) AS (VALUES ('sample', 1), ('judge', 2), ('pair', 3), ('train', 4), ('evaluate', 5))
      SELECT a.id FROM current_attempt a JOIN stage_order s ON s.stage = a.stage WHERE s.place > 1 AND a.is_comparison = 0 AND NOT EXISTS (
        SELECT 1 FROM current_attempt b JOIN stage_order t ON t.stage = b.stage
        WHERE b.round_id = a.round_id AND t.place = s.place - 1 AND b.state = 'done')`,
  },
  {
    name: "a done sample stage has all its units",
    sql: `SELECT a.id FROM current_attempt a WHERE a.stage = 'sample' AND a.state = 'done' AND a.units_total <>
        (SELECT count(*) FROM response r WHERE r.attempt_id = a.id) + (SELECT count(*) FROM sample_skip s WHERE s.attempt_id = a.id)`,
  },
  {
    name: "a unit of sampling is done once",
    sql: "SELECT attempt_id, policy_id, prompt_id, sample_index FROM response WHERE attempt_id IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1",
  },
  {
    name: "an ask shows two or more responses of its own prompt, or one beside a stranger to check an annotator",
    sql: `SELECT k.id FROM ask k LEFT JOIN ask_response s ON s.ask_id = k.id LEFT JOIN response r ON r.id = s.response_id AND r.prompt_id = k.prompt_id
      GROUP BY k.id HAVING count(s.response_id) < 2 OR CASE WHEN k.purpose IN ('practice', 'control') THEN count(r.id) = 0 ELSE count(r.id) <> count(s.response_id) END`,
  },
  {
    name: "a judgment belongs to an ask that has been closed, and to responses that it showed",
    sql: `SELECT j.id FROM judgment j JOIN ask k ON k.id = j.ask_id WHERE k.outcome NOT IN ('answered', 'failed')
      OR NOT EXISTS (SELECT 1 FROM ask_response s WHERE s.ask_id = k.id AND s.response_id = j.first_id)
      OR NOT EXISTS (SELECT 1 FROM ask_response s WHERE s.ask_id = k.id AND s.response_id = j.second_id)`,
  },
  {
    name: "an answered pairwise ask has a judgment, and one live judgment at most an author",
    sql: `SELECT k.id FROM ask k WHERE k.mode = 'pairwise' AND k.outcome = 'answered' AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.ask_id = k.id)
      UNION ALL SELECT ask_id FROM current_judgment GROUP BY ask_id, author_id, criterion, first_id, second_id HAVING count(*) > 1`,
  },
  {
    name: "a done judge stage has no open ask",
    sql: "SELECT a.id FROM current_attempt a JOIN ask k ON k.attempt_id = a.id WHERE a.stage = 'judge' AND a.state = 'done' AND k.outcome = 'open' AND k.purpose IN ('training', 'evaluation')",
  },
  {
    name: "a pair is of two texts, both responses to its prompt",
    sql: `SELECT p.id FROM preference_pair p JOIN response c ON c.id = p.chosen_id JOIN response r ON r.id = p.rejected_id
      WHERE c.text = r.text OR c.prompt_id <> p.prompt_id OR r.prompt_id <> p.prompt_id`,
  },
  {
    name: "a replayed pair is of the round that its age tells",
    sql: `SELECT p.pair_id FROM replayed_pair p JOIN stage_attempt a ON a.id = p.attempt_id JOIN round r ON r.id = a.round_id
        JOIN preference_pair q ON q.id = p.pair_id JOIN stage_attempt b ON b.id = q.attempt_id JOIN round s ON s.id = b.round_id
      WHERE a.stage <> 'pair' OR r.number - p.age <> s.number`,
  },
  {
    name: "the steps of a done training run are 1 to n without a gap",
    sql: `SELECT a.id FROM current_attempt a JOIN metric m ON m.attempt_id = a.id WHERE a.stage = 'train' AND a.state = 'done'
      GROUP BY a.id HAVING min(m.step) <> 1 OR max(m.step) <> count(*) OR max(m.step) <> a.units_total`,
  },
  {
    name: "a done training run made one policy",
    sql: "SELECT a.id FROM current_attempt a WHERE a.stage = 'train' AND a.state = 'done' AND (SELECT count(*) FROM policy p WHERE p.attempt_id = a.id) <> 1",
  },
  {
    name: "a done evaluation has win rates and, unless it is of test prompts, a recommendation",
    sql: `SELECT a.id FROM current_attempt a WHERE a.stage = 'evaluate' AND a.state = 'done' AND a.is_comparison = 0 AND (
      NOT EXISTS (SELECT 1 FROM win_rate w WHERE w.attempt_id = a.id) OR a.config ->> '$.evaluation.split' <> 'test'
        AND NOT EXISTS (SELECT 1 FROM recommendation c WHERE c.attempt_id = a.id))`,
  },
  {
    name: "a match is of two responses to its prompt, by its players",
    sql: `SELECT m.attempt_id, m.prompt_id FROM evaluation_match m LEFT JOIN response a ON a.id = m.first_response_id
        LEFT JOIN response b ON b.id = m.second_response_id
      WHERE a.prompt_id <> m.prompt_id OR b.prompt_id <> m.prompt_id OR coalesce(a.policy_id, a.source) <> m.first
        OR coalesce(b.policy_id, b.source) <> m.second`,
  },
  {
    name: "judgments of evaluations are counted",
    sql: `SELECT k.attempt_id, count(*) AS judgments FROM judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'evaluation' GROUP BY k.attempt_id
      EXCEPT SELECT attempt_id, judgments FROM evaluation_version`,
  },
  {
    name: "a device numbers its records without repeating",
    sql: `SELECT device_id, sequence FROM (
        SELECT device_id, sequence FROM ask UNION ALL SELECT device_id, sequence FROM judgment UNION ALL SELECT device_id, sequence FROM event)
      GROUP BY 1, 2 HAVING count(*) > 1
      UNION ALL SELECT d.id, d.last_sequence FROM device d WHERE d.last_sequence < (SELECT max(sequence) FROM (
        SELECT max(sequence) AS sequence FROM ask WHERE device_id = d.id
        UNION ALL SELECT max(sequence) FROM judgment WHERE device_id = d.id
        UNION ALL SELECT max(sequence) FROM event WHERE device_id = d.id))`,
  },
  ...SUMMARY_TABLES.map((table) => ({
    name: `what is kept in ${table} is what the judgments give`,
    sql: `SELECT * FROM (SELECT * FROM ${table} EXCEPT SELECT * FROM ${table}_anew)
      UNION ALL SELECT * FROM (SELECT * FROM ${table}_anew EXCEPT SELECT * FROM ${table})`,
  })),
  {
    name: "every judgment has its place in the ledger, numbered from 1 without a gap",
    sql: `SELECT judgment_id FROM (
        SELECT * FROM (SELECT ${LEDGER_COLUMNS} FROM ledger_entry EXCEPT SELECT * FROM ledger_entry_anew)
        UNION ALL SELECT * FROM (SELECT * FROM ledger_entry_anew EXCEPT SELECT ${LEDGER_COLUMNS} FROM ledger_entry))
      UNION ALL SELECT max(number) FROM ledger_entry HAVING max(number) <> count(*)`,
  },
];

export type Violation = { readonly name: string; readonly rows: readonly Row[] };

/** The invariants that do not hold, each with the rows that show it. Empty when all is well. */
export function findViolations(db: ReadableDb): Violation[] {
  return invariants.flatMap(({ name, sql }) => {
    const rows = db.all(sql);
    return rows.length === 0 ? [] : [{ name, rows }];
  });
}
