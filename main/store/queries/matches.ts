/** Matches of held-out responses, comparisons among policies, and the kept summary of results. */
import type { AttemptId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { StageAttempt } from "#app/domain/round.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import { number, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { attemptById } from "./rounds.ts";

/** One held-out prompt of two players; null for a response that could not be sampled. */
export type StoredMatch = {
  readonly attemptId: AttemptId;
  readonly first: PlayerId;
  readonly second: PlayerId;
  readonly promptId: PromptId;
  readonly firstResponseId: ResponseId | null;
  readonly secondResponseId: ResponseId | null;
};

/** Writes what an attempt puts against what; the same again changes nothing, as the plan is a function of what it reads. */
export function insertMatches(db: WritableDb, matches: readonly StoredMatch[]): void {
  db.transaction(() => {
    for (const match of matches) {
      db.run(
        `INSERT INTO evaluation_match (attempt_id, first, second, prompt_id, first_response_id, second_response_id)
         VALUES ($attempt_id, $first, $second, $prompt_id, $first_response_id, $second_response_id) ON CONFLICT DO NOTHING`,
        {
          attempt_id: match.attemptId,
          first: match.first,
          second: match.second,
          prompt_id: match.promptId,
          first_response_id: match.firstResponseId,
          second_response_id: match.secondResponseId,
        },
      );
    }
  });
}

function toMatch(row: Row): StoredMatch {
  return {
    attemptId: text(row, "attempt_id") as AttemptId,
    first: text(row, "first") as PlayerId,
    second: text(row, "second") as PlayerId,
    promptId: text(row, "prompt_id") as PromptId,
    firstResponseId: textOrNull(row, "first_response_id") as ResponseId | null,
    secondResponseId: textOrNull(row, "second_response_id") as ResponseId | null,
  };
}

/** In the order of the prompts' hashes. */
export function matchesOfAttempt(db: ReadableDb, attemptId: AttemptId): StoredMatch[] {
  return db
    .all(
      `SELECT m.* FROM evaluation_match m JOIN prompt p ON p.id = m.prompt_id WHERE m.attempt_id = $attempt_id
       ORDER BY m.first, m.second, p.hash`,
      { attempt_id: attemptId },
    )
    .map(toMatch);
}

/**
 * Done evaluations of live rounds and done comparisons on a split, oldest first: what results are made of. A comparison
 * outlives a redo of its round; what it says of policies that are gone is left out by whoever lists the policies.
 */
export function evaluationAttempts(db: ReadableDb, split: string): AttemptId[] {
  return db
    .all(
      `SELECT id FROM current_attempt WHERE stage = 'evaluate' AND state = 'done' AND config ->> '$.evaluation.split' = $split
       ORDER BY created_at, id`,
      { split },
    )
    .map((row) => text(row, "id") as AttemptId);
}

/** "player player prompt", either player first, of all that have met in what results of a split are made of. */
export function metOnPrompts(db: ReadableDb, split: string): ReadonlySet<string> {
  const rows = db.all(
    `SELECT DISTINCT m.first, m.second, m.prompt_id FROM evaluation_match m JOIN current_attempt a ON a.id = m.attempt_id
     WHERE a.stage = 'evaluate' AND a.state = 'done' AND a.config ->> '$.evaluation.split' = $split`,
    { split },
  );
  return new Set(
    rows.flatMap((row) => {
      const [first, second, prompt] = [text(row, "first"), text(row, "second"), text(row, "prompt_id")];
      return [`${first} ${second} ${prompt}`, `${second} ${first} ${prompt}`];
    }),
  );
}

/** How many judgments an evaluation has had, superseded ones too: grows with each. */
export function evaluationVersion(db: ReadableDb, attemptId: AttemptId): number {
  return number(
    db.get("SELECT judgments FROM evaluation_version WHERE attempt_id = $attempt_id", { attempt_id: attemptId }) ?? { judgments: 0 },
    "judgments",
  );
}

export type PlayerPair = { readonly first: PlayerId; readonly second: PlayerId };

export function insertComparisonPairs(db: WritableDb, attemptId: AttemptId, pairs: readonly PlayerPair[]): void {
  pairs.forEach(({ first, second }, ordinal) => {
    db.run("INSERT INTO comparison_pair (attempt_id, ordinal, first, second) VALUES ($attempt_id, $ordinal, $first, $second)", {
      attempt_id: attemptId,
      ordinal,
      first,
      second,
    });
  });
}

export function comparisonPairs(db: ReadableDb, attemptId: AttemptId): PlayerPair[] {
  return db
    .all("SELECT first, second FROM comparison_pair WHERE attempt_id = $attempt_id ORDER BY ordinal", { attempt_id: attemptId })
    .map((row) => ({ first: text(row, "first") as PlayerId, second: text(row, "second") as PlayerId }));
}

/** The newest comparison that was not given up; undefined before the first. */
export function lastComparison(db: ReadableDb): StageAttempt | undefined {
  const row = db.get("SELECT id FROM current_attempt WHERE is_comparison = 1 ORDER BY created_at DESC, id DESC LIMIT 1");
  return row && attemptById(db, text(row, "id") as AttemptId);
}

export function isComparison(db: ReadableDb, attemptId: AttemptId): boolean {
  return db.get("SELECT 1 AS one FROM stage_attempt WHERE id = $id AND is_comparison = 1", { id: attemptId }) !== undefined;
}

export type StoredSummary = { readonly key: string; readonly body: string; readonly madeAtMs: number };

export function readSummary(db: ReadableDb, split: string): StoredSummary | undefined {
  const row = db.get("SELECT key, body, made_at FROM result_summary WHERE split = $split", { split });
  return row && { key: text(row, "key"), body: text(row, "body"), madeAtMs: number(row, "made_at") };
}

export function writeSummary(db: WritableDb, split: string, { key, body, madeAtMs }: StoredSummary): void {
  db.run(
    `INSERT INTO result_summary (split, key, body, made_at) VALUES ($split, $key, $body, $made_at)
     ON CONFLICT (split) DO UPDATE SET key = excluded.key, body = excluded.body, made_at = excluded.made_at`,
    { split, key, body, made_at: madeAtMs },
  );
}

/** The mean over what an oracle's answered asks of evaluations cost and took; null where nothing is known. */
export function askAverages(db: ReadableDb, oracleId: string): { readonly costUsd: number | null; readonly durationMs: number | null } {
  const row = db.get(
    `SELECT avg(cost_usd) AS cost, avg(duration_ms) AS duration FROM (
       SELECT cost_usd, duration_ms FROM ask WHERE oracle_id = $oracle_id AND outcome = 'answered' ORDER BY sequence DESC LIMIT 200)`,
    { oracle_id: oracleId },
  );
  const value = (name: string): number | null => (typeof row?.[name] === "number" ? row[name] : null);
  return { costUsd: value("cost"), durationMs: value("duration") };
}
