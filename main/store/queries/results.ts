/** Pairs, training records and evaluations. */
import * as z from "zod";
import { NotFoundError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash, PairId, PolicyId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";
import type { PreferencePair } from "#app/domain/pair.ts";
import type { MetricRow, TrainingCheckpoint } from "#app/domain/training.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";

/** Writes the pairs of an attempt; what an interrupted run left of the same attempt is replaced. */
export function replacePairs(db: WritableDb, attemptId: AttemptId, pairs: readonly PreferencePair[]): void {
  db.transaction(() => {
    db.run("DELETE FROM preference_pair WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    for (const pair of pairs) {
      db.run(
        `INSERT INTO preference_pair (id, attempt_id, prompt_id, chosen_id, rejected_id, preference_margin, chosen_win_rate, rejected_win_rate, chosen_score, rejected_score)
         VALUES ($id, $attempt_id, $prompt_id, $chosen_id, $rejected_id, $preference_margin, $chosen_win_rate, $rejected_win_rate, $chosen_score, $rejected_score)`,
        {
          id: pair.id,
          attempt_id: attemptId,
          prompt_id: pair.promptId,
          chosen_id: pair.chosenId,
          rejected_id: pair.rejectedId,
          preference_margin: pair.preferenceMargin,
          chosen_win_rate: pair.chosenWinRate,
          rejected_win_rate: pair.rejectedWinRate,
          chosen_score: pair.chosenScore,
          rejected_score: pair.rejectedScore,
        },
      );
    }
  });
}

function toPair(row: Row): PreferencePair {
  return {
    id: text(row, "id") as PairId,
    attemptId: text(row, "attempt_id") as AttemptId,
    promptId: text(row, "prompt_id") as PromptId,
    chosenId: text(row, "chosen_id") as ResponseId,
    rejectedId: text(row, "rejected_id") as ResponseId,
    preferenceMargin: numberOrNull(row, "preference_margin"),
    chosenWinRate: numberOrNull(row, "chosen_win_rate"),
    rejectedWinRate: numberOrNull(row, "rejected_win_rate"),
    chosenScore: numberOrNull(row, "chosen_score"),
    rejectedScore: numberOrNull(row, "rejected_score"),
  };
}

/** In the order of their ids: the order in which the run made them. */
export function pairsOfAttempt(db: ReadableDb, attemptId: AttemptId): PreferencePair[] {
  return db.all("SELECT * FROM preference_pair WHERE attempt_id = $attempt_id ORDER BY id", { attempt_id: attemptId }).map(toPair);
}

export function pairById(db: ReadableDb, id: PairId): PreferencePair {
  const row = db.get("SELECT * FROM preference_pair WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noPair(id));
  return toPair(row);
}

export function upsertMetrics(db: WritableDb, row: MetricRow): void {
  db.run(
    "INSERT INTO metric (attempt_id, step, metrics) VALUES ($attempt_id, $step, $metrics) ON CONFLICT (attempt_id, step) DO UPDATE SET metrics = excluded.metrics",
    { attempt_id: row.attemptId, step: row.step, metrics: JSON.stringify(row.values) },
  );
}

const metricValues = z.record(z.string(), z.number());

export function metricsOf(db: ReadableDb, attemptId: AttemptId, afterStep = 0): MetricRow[] {
  return db
    .all("SELECT step, metrics FROM metric WHERE attempt_id = $attempt_id AND step > $after ORDER BY step", {
      attempt_id: attemptId,
      after: afterStep,
    })
    .map((row) => ({ attemptId, step: number(row, "step"), values: metricValues.parse(JSON.parse(text(row, "metrics"))) }));
}

export function insertTrainingCheckpoint(db: WritableDb, checkpoint: TrainingCheckpoint, nowMs: number): void {
  db.run(
    `INSERT INTO training_checkpoint (attempt_id, step, artefact_hash, created_at) VALUES ($attempt_id, $step, $artefact_hash, $now)
     ON CONFLICT (attempt_id, step) DO UPDATE SET artefact_hash = excluded.artefact_hash`,
    { attempt_id: checkpoint.attemptId, step: checkpoint.step, artefact_hash: checkpoint.artefact, now: nowMs },
  );
}

export function lastTrainingCheckpoint(db: ReadableDb, attemptId: AttemptId): TrainingCheckpoint | undefined {
  const row = db.get(
    "SELECT c.step, c.artefact_hash FROM training_checkpoint c JOIN artefact a ON a.hash = c.artefact_hash WHERE c.attempt_id = $attempt_id AND a.removed_at IS NULL ORDER BY c.step DESC LIMIT 1",
    {
      attempt_id: attemptId,
    },
  );
  return row && { attemptId, step: number(row, "step"), artefact: text(row, "artefact_hash") as ContentHash };
}

/** Writes an evaluation as a whole. On the test split it recommends nothing and counts as a look. */
export function replaceEvaluation(
  db: WritableDb,
  attemptId: AttemptId,
  rows: readonly WinRateRow[],
  recommendation: Recommendation | null,
  testLookAtMs: number | null,
): void {
  db.transaction(() => {
    db.run("DELETE FROM win_rate WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    db.run("DELETE FROM recommendation WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    for (const row of rows) {
      db.run(
        `INSERT INTO win_rate (attempt_id, policy_id, opponent_id, roles, n, missing, win_rate, standard_error, low, high, interval, is_simultaneous, mean_length, opponent_mean_length)
         VALUES ($attempt_id, $policy_id, $opponent_id, $roles, $n, $missing, $win_rate, $standard_error, $low, $high, $interval, $is_simultaneous, $mean_length, $opponent_mean_length)`,
        {
          attempt_id: attemptId,
          policy_id: row.policyId,
          opponent_id: row.opponentId,
          roles: JSON.stringify(row.roles),
          n: row.n,
          missing: row.missing,
          win_rate: row.winRate,
          standard_error: row.standardError,
          low: row.low,
          high: row.high,
          interval: row.interval,
          is_simultaneous: row.isSimultaneous ? 1 : 0,
          mean_length: row.meanLength,
          opponent_mean_length: row.opponentMeanLength,
        },
      );
    }
    if (recommendation !== null) {
      db.run("INSERT INTO recommendation (attempt_id, policy_id, verdict, sentence) VALUES ($attempt_id, $policy_id, $verdict, $sentence)", {
        attempt_id: attemptId,
        policy_id: recommendation.policyId,
        verdict: recommendation.verdict,
        sentence: recommendation.sentence,
      });
    }
    if (testLookAtMs !== null) {
      db.run("INSERT INTO test_look (attempt_id, looked_at) VALUES ($attempt_id, $now) ON CONFLICT DO NOTHING", {
        attempt_id: attemptId,
        now: testLookAtMs,
      });
    }
  });
}

const rolesSchema = z.array(z.enum(["previous", "first"]));

function toWinRate(attemptId: AttemptId, row: Row): WinRateRow {
  return {
    attemptId,
    policyId: text(row, "policy_id") as PolicyId,
    opponentId: text(row, "opponent_id") as PolicyId,
    roles: rolesSchema.parse(JSON.parse(text(row, "roles"))),
    n: number(row, "n"),
    missing: number(row, "missing"),
    winRate: number(row, "win_rate"),
    standardError: number(row, "standard_error"),
    low: number(row, "low"),
    high: number(row, "high"),
    interval: text(row, "interval") as WinRateRow["interval"], // its CHECK allows just these words
    isSimultaneous: flag(row, "is_simultaneous"),
    meanLength: number(row, "mean_length"),
    opponentMeanLength: number(row, "opponent_mean_length"),
  };
}

export function winRatesOf(db: ReadableDb, attemptId: AttemptId): WinRateRow[] {
  return db
    .all("SELECT * FROM win_rate WHERE attempt_id = $attempt_id ORDER BY roles DESC, opponent_id", { attempt_id: attemptId })
    .map((row) => toWinRate(attemptId, row));
}

/** Undefined for an evaluation on test prompts, also where an earlier version of the lab wrote one. */
export function recommendationOf(db: ReadableDb, attemptId: AttemptId): Recommendation | undefined {
  const row = db.get(
    `SELECT c.* FROM recommendation c JOIN stage_attempt a ON a.id = c.attempt_id
     WHERE c.attempt_id = $attempt_id AND a.config ->> '$.evaluation.split' <> 'test'`,
    { attempt_id: attemptId },
  );
  return (
    row && {
      policyId: text(row, "policy_id") as PolicyId,
      verdict: text(row, "verdict") as Recommendation["verdict"], // its CHECK allows just these words
      sentence: text(row, "sentence"),
    }
  );
}

export function testLookCount(db: ReadableDb): number {
  return number(db.get("SELECT count(*) AS n FROM test_look") ?? { n: 0 }, "n");
}

/** One look at the test split more; the same attempt looks once. */
export function insertTestLook(db: WritableDb, attemptId: AttemptId, nowMs: number): void {
  db.run("INSERT INTO test_look (attempt_id, looked_at) VALUES ($attempt_id, $now) ON CONFLICT DO NOTHING", { attempt_id: attemptId, now: nowMs });
}
