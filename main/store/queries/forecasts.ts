/** What earlier runs took, and what was said of a round before it was started. */
import type { AttemptId, RoundId } from "#app/base/ids.ts";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { type Stage, stageSchema } from "#app/domain/round.ts";
import { number, numberOrNull, type ReadableDb, text, type WritableDb } from "../database.ts";

export type PastRun = {
  readonly id: AttemptId;
  readonly stage: Stage;
  readonly round: number;
  readonly config: ExperimentConfig;
  readonly unitsDone: number;
  readonly activeMs: number;
};

/** Runs that were carried to their end, superseded ones too, oldest first: a machine's pace is what it is. */
export function finishedRuns(db: ReadableDb): PastRun[] {
  return db
    .all(
      `SELECT a.id, a.stage, r.number AS round, a.config, a.units_done, a.active_ms FROM stage_attempt a JOIN round r ON r.id = a.round_id
       WHERE a.state IN ('done', 'superseded') AND a.units_done > 0 AND a.units_done = a.units_total ORDER BY a.ended_at, a.id`,
    )
    .map((row) => ({
      id: text(row, "id") as AttemptId, // the column's own kind
      stage: stageSchema.parse(row["stage"]),
      round: number(row, "round"),
      config: experimentConfigSchema.parse(JSON.parse(text(row, "config"))),
      unitsDone: number(row, "units_done"),
      activeMs: number(row, "active_ms"),
    }));
}

/** The most memory that the engine held in a training run, in bytes; null where no step told. */
export function peakMemoryOf(db: ReadableDb, attemptId: AttemptId): number | null {
  const row = db.get("SELECT max(metrics ->> '$.memory_bytes') AS peak FROM metric WHERE attempt_id = $id", { id: attemptId });
  return row === undefined ? null : numberOrNull(row, "peak");
}

/** Bytes of a training checkpoint (the mean) and of the adapter that a run made; null where it has none. */
export function artefactBytesOf(db: ReadableDb, attemptId: AttemptId): { readonly checkpoint: number | null; readonly adapter: number | null } {
  const checkpoint = db.get(
    "SELECT avg(a.size_bytes) AS bytes FROM training_checkpoint c JOIN artefact a ON a.hash = c.artefact_hash WHERE c.attempt_id = $id",
    { id: attemptId },
  );
  const adapter = db.get("SELECT max(a.size_bytes) AS bytes FROM policy p JOIN artefact a ON a.hash = p.adapter_hash WHERE p.attempt_id = $id", {
    id: attemptId,
  });
  return { checkpoint: checkpoint ? numberOrNull(checkpoint, "bytes") : null, adapter: adapter ? numberOrNull(adapter, "bytes") : null };
}

/** Mean bytes of a response's text and tokens; null for a run without any. */
export function responseBytesOf(db: ReadableDb, attemptId: AttemptId): number | null {
  const row = db.get("SELECT avg(length(CAST(text AS BLOB)) + length(token_ids)) AS bytes FROM response WHERE attempt_id = $id", { id: attemptId });
  return row === undefined ? null : numberOrNull(row, "bytes");
}

/** What an answered ask of an oracle has cost, in US dollars, by the mean; null where none told its price. */
export function meanCostOfOracle(db: ReadableDb, version: string): number | null {
  const row = db.get(
    "SELECT avg(k.cost_usd) AS cost FROM ask k JOIN oracle o ON o.id = k.oracle_id WHERE o.version = $version AND k.outcome = 'answered' AND k.cost_usd IS NOT NULL",
    { version },
  );
  return row === undefined ? null : numberOrNull(row, "cost");
}

/** People's newest answers are enough to know their pace. */
const PACE_ANSWERS = 500;

/** How long people took for their newest answers, in ms, shortest first. */
export function personDurations(db: ReadableDb): number[] {
  return db
    .all(
      `SELECT duration_ms FROM (
         SELECT k.duration_ms, k.asked_at FROM ask k JOIN author w ON w.id = k.author_id
         WHERE w.kind = 'person' AND k.outcome = 'answered' AND k.duration_ms > 0 ORDER BY k.asked_at DESC LIMIT $limit)
       ORDER BY duration_ms`,
      { limit: PACE_ANSWERS },
    )
    .map((row) => number(row, "duration_ms"));
}

export type RoundSpent = {
  readonly activeMs: number;
  readonly samples: number;
  readonly judgeCalls: number;
  readonly peopleAnswers: number;
  readonly costUsd: number;
  readonly memoryBytes: number | null;
  readonly diskBytes: number;
};

/** What a round's live runs have taken so far; the time of runs that run now is not in it. */
export function roundSpent(db: ReadableDb, roundId: RoundId): RoundSpent {
  const row = db.get(
    `WITH live AS (SELECT * FROM current_attempt WHERE round_id = $id)
     SELECT (SELECT coalesce(sum(active_ms), 0) FROM live) AS active_ms,
       (SELECT count(*) FROM response WHERE attempt_id IN (SELECT id FROM live)) AS samples,
       (SELECT count(*) FROM ask k JOIN author w ON w.id = k.author_id WHERE k.attempt_id IN (SELECT id FROM live) AND k.outcome <> 'open' AND w.kind <> 'person') AS judge_calls,
       (SELECT count(*) FROM ask k JOIN author w ON w.id = k.author_id WHERE k.attempt_id IN (SELECT id FROM live) AND k.outcome = 'answered' AND w.kind = 'person') AS people,
       (SELECT coalesce(sum(cost_usd), 0) FROM ask WHERE attempt_id IN (SELECT id FROM live)) AS cost,
       (SELECT max(metrics ->> '$.memory_bytes') FROM metric WHERE attempt_id IN (SELECT id FROM live)) AS memory,
       (SELECT coalesce(sum(length(CAST(text AS BLOB)) + length(token_ids)), 0) FROM response WHERE attempt_id IN (SELECT id FROM live))
         + (SELECT coalesce(sum(size_bytes), 0) FROM artefact WHERE hash IN (
              SELECT artefact_hash FROM training_checkpoint WHERE attempt_id IN (SELECT id FROM live)
              UNION SELECT adapter_hash FROM policy WHERE attempt_id IN (SELECT id FROM live))) AS disk`,
    { id: roundId },
  );
  const of = (name: string): number => (row === undefined ? 0 : number(row, name));
  return {
    activeMs: of("active_ms"),
    samples: of("samples"),
    judgeCalls: of("judge_calls"),
    peopleAnswers: of("people"),
    costUsd: of("cost"),
    memoryBytes: row === undefined ? null : numberOrNull(row, "memory"),
    diskBytes: of("disk"),
  };
}

/** The first word counts: later ones would know more. */
export function keepForecast(db: WritableDb, roundId: RoundId, forecast: unknown, nowMs: number): void {
  db.run("INSERT INTO round_forecast (round_id, said_at, forecast) VALUES ($id, $now, $forecast) ON CONFLICT DO NOTHING", {
    id: roundId,
    now: nowMs,
    forecast: JSON.stringify(forecast),
  });
}

/** As it was kept; undefined for a round of which nothing was said. */
export function keptForecast(db: ReadableDb, roundId: RoundId): unknown {
  const row = db.get("SELECT forecast FROM round_forecast WHERE round_id = $id", { id: roundId });
  if (row === undefined) return undefined;
  const forecast: unknown = JSON.parse(text(row, "forecast"));
  return forecast;
}
