/** A great many judgments in an experiment's database, written in bulk: what benchmarks of the screens stand on. */
import { join } from "node:path";
import { openDatabase, text } from "#main/store/database.ts";
import { rebuildSummary } from "#main/store/queries/judgment-summary.ts";
import { DATABASE_NAME } from "#main/store/store.ts";

export type ManyJudgments = {
  readonly folder: string;
  readonly count: number;
  /** Whose they are; made if there is no such author. */
  readonly author: string;
  readonly kind: "person" | "judge";
};

/**
 * Adds answered asks with one judgment each to the attempt that judges now, each of two responses of its own. The lab of
 * the folder must be closed. The triggers rest meanwhile; what they keep is made anew at the end.
 */
export function addManyJudgments({ folder, count, author, kind }: ManyJudgments): void {
  const db = openDatabase(join(folder, DATABASE_NAME));
  const triggers = db.all(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND (tbl_name = 'judgment' OR tbl_name = 'ask') AND sql LIKE '%_count%'",
  );
  try {
    db.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF");
    for (const trigger of triggers) db.exec(`DROP TRIGGER ${text(trigger, "name")}`);
    db.transaction(() => {
      db.exec(`INSERT OR IGNORE INTO author (id, name, kind) VALUES ('many-author', '${author}', '${kind}');
        CREATE TEMP TABLE many_prompt AS SELECT row_number() OVER (ORDER BY id) - 1 AS k, id FROM prompt;
        CREATE TEMP TABLE many_place AS SELECT a.id AS attempt_id, s.id AS sample_id, r.policy_id, d.id AS device_id, d.last_sequence AS sequence,
          (SELECT id FROM author WHERE name = '${author}') AS author_id, (SELECT oracle_id FROM ask WHERE attempt_id = a.id LIMIT 1) AS oracle_id,
          (SELECT coalesce(max(ordinal), -1) + 1 FROM ask WHERE attempt_id = a.id) AS ordinal, (SELECT count(*) FROM prompt) AS prompts
          FROM stage_attempt a JOIN stage_attempt s ON s.round_id = a.round_id AND s.stage = 'sample' JOIN round r ON r.id = a.round_id, device d
          WHERE a.stage = 'judge' AND a.state = 'running' AND d.is_local = 1;
        CREATE TEMP TABLE many AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
          SELECT i, printf('many-%07d', i) AS id, p.id AS prompt_id FROM n JOIN many_place m JOIN many_prompt p ON p.k = i % m.prompts;`);
      for (const side of ["a", "b"]) {
        db.exec(`INSERT INTO response (id, prompt_id, policy_id, attempt_id, source, sample_index, text, token_ids, finish_reason, is_repetitive)
          SELECT many.id || '-${side}', prompt_id, m.policy_id, m.sample_id, 'policy', ${side === "a" ? 1_000_000 : 3_000_000} + i,
            'Response ${side} number ' || i, x'', 'stop', 0 FROM many, many_place m ORDER BY i`);
      }
      db.exec(`INSERT INTO ask (id, attempt_id, prompt_id, oracle_id, purpose, mode, ordinal, outcome, raw_reply, cost_usd, asked_at, duration_ms, author_id, device_id, sequence)
          SELECT many.id || '-k', m.attempt_id, prompt_id, m.oracle_id, 'training', 'pairwise', m.ordinal + i, 'answered', 'VERDICT: A', 0.0001 * (i % 97),
            1764000000000 + 1000 * i, 900 + i * 7919 % 20011, m.author_id, m.device_id, m.sequence + 2 * i + 1 FROM many, many_place m ORDER BY i;
        INSERT INTO ask_response SELECT id || '-k', 0, id || CASE i % 2 WHEN 0 THEN '-a' ELSE '-b' END FROM many ORDER BY i;
        INSERT INTO ask_response SELECT id || '-k', 1, id || CASE i % 2 WHEN 0 THEN '-b' ELSE '-a' END FROM many ORDER BY i;
        INSERT INTO judgment (id, ask_id, first_id, second_id, verdict, strength, made_at, author_id, device_id, sequence)
          SELECT many.id || '-j', many.id || '-k', many.id || '-a', many.id || '-b',
            CASE i % 5 WHEN 0 THEN 'tie' WHEN 1 THEN 'first' WHEN 2 THEN 'second' WHEN 3 THEN 'first' ELSE 'bothBad' END,
            CASE i % 5 WHEN 0 THEN NULL WHEN 4 THEN NULL ELSE 'slight' END,
            1764000000000 + 1000 * i, m.author_id, m.device_id, m.sequence + 2 * i + 2 FROM many, many_place m ORDER BY i;
        UPDATE device SET last_sequence = last_sequence + 2 * ${count} + 2 WHERE is_local = 1;
        DROP TABLE many; DROP TABLE many_place; DROP TABLE many_prompt;`);
      for (const trigger of triggers) db.exec(text(trigger, "sql"));
      rebuildSummary(db);
    });
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}
