/** Rounds and stage attempts: made, started, paused, finished, superseded; never deleted. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash, PolicyId, RoundId } from "#app/base/ids.ts";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { attemptStateSchema, type AttemptState, type Round, type Stage, type StageAttempt, STAGES, stageSchema } from "#app/domain/round.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, numberOrNull, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";
import { keepSeenImports } from "./seen-imports.ts";

// A round's new policy is the one that its live train attempt made.
const SELECT_ROUND = `SELECT r.id, r.number, r.policy_id,
  (SELECT p.id FROM policy p JOIN current_attempt a ON a.id = p.attempt_id WHERE a.round_id = r.id AND a.stage = 'train') AS new_policy_id
  FROM round r`;

function toRound(row: Row): Round {
  return {
    // Ids come back as the kind that was stored in the column.
    id: text(row, "id") as RoundId,
    number: number(row, "number"),
    policyId: text(row, "policy_id") as PolicyId,
    newPolicyId: textOrNull(row, "new_policy_id") as PolicyId | null,
  };
}

export function listRounds(db: ReadableDb): Round[] {
  return db.all(`${SELECT_ROUND} ORDER BY r.number`).map(toRound);
}

export function lastRound(db: ReadableDb): Round | undefined {
  const row = db.get(`${SELECT_ROUND} ORDER BY r.number DESC LIMIT 1`);
  return row && toRound(row);
}

export function roundByNumber(db: ReadableDb, roundNumber: number): Round {
  const row = db.get(`${SELECT_ROUND} WHERE r.number = $number`, { number: roundNumber });
  if (row === undefined) throw new NotFoundError(storeWords.noRound(roundNumber));
  return toRound(row);
}

export function roundById(db: ReadableDb, id: RoundId): Round {
  const row = db.get(`${SELECT_ROUND} WHERE r.id = $id`, { id });
  if (row === undefined) throw new NotFoundError(storeWords.noRoundOf(id));
  return toRound(row);
}

export function insertRound(db: WritableDb, round: { readonly id: RoundId; readonly number: number; readonly policyId: PolicyId }): void {
  db.run("INSERT INTO round (id, number, policy_id) VALUES ($id, $number, $policy_id)", {
    id: round.id,
    number: round.number,
    policy_id: round.policyId,
  });
}

function toAttempt(row: Row): StageAttempt {
  return {
    id: text(row, "id") as AttemptId,
    roundId: text(row, "round_id") as RoundId,
    stage: stageSchema.parse(row["stage"]),
    number: number(row, "number"),
    inputHash: text(row, "input_hash") as ContentHash,
    state: attemptStateSchema.parse(row["state"]),
    isPauseRequested: flag(row, "pause_requested"),
    createdAtMs: number(row, "created_at"),
    startedAtMs: numberOrNull(row, "started_at"),
    endedAtMs: numberOrNull(row, "ended_at"),
    activeMs: number(row, "active_ms"),
    unitsDone: number(row, "units_done"),
    unitsTotal: numberOrNull(row, "units_total"),
    engineDeaths: number(row, "engine_deaths"),
    error: textOrNull(row, "error"),
  };
}

export function attemptById(db: ReadableDb, id: AttemptId): StageAttempt {
  const row = db.get("SELECT * FROM stage_attempt WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noAttempt(id));
  return toAttempt(row);
}

/** The live attempt of each stage of a round that has one; comparisons that were asked for besides are no stage of it. */
export function liveAttempts(db: ReadableDb, roundId: RoundId): Map<Stage, StageAttempt> {
  const attempts = db.all("SELECT * FROM current_attempt WHERE round_id = $round_id AND is_comparison = 0", { round_id: roundId }).map(toAttempt);
  return new Map(attempts.map((attempt) => [attempt.stage, attempt]));
}

/** How many attempts a stage of a round has had, superseded ones included. */
export function attemptCount(db: ReadableDb, roundId: RoundId, stage: Stage): number {
  const row = db.get("SELECT count(*) AS n FROM stage_attempt WHERE round_id = $round_id AND stage = $stage", { round_id: roundId, stage });
  return row === undefined ? 0 : number(row, "n");
}

export type NewAttempt = Pick<StageAttempt, "id" | "roundId" | "stage" | "number" | "inputHash" | "createdAtMs"> & {
  readonly config: ExperimentConfig;
  /** True for a comparison among policies that was asked for beside the round's own evaluation. */
  readonly isComparison?: boolean;
};

export function insertAttempt(db: WritableDb, attempt: NewAttempt): void {
  db.run(
    `INSERT INTO stage_attempt (id, round_id, stage, number, input_hash, config, state, created_at, is_comparison)
     VALUES ($id, $round_id, $stage, $number, $input_hash, $config, 'queued', $created_at, $is_comparison)`,
    {
      id: attempt.id,
      round_id: attempt.roundId,
      stage: attempt.stage,
      number: attempt.number,
      input_hash: attempt.inputHash,
      config: JSON.stringify(attempt.config),
      created_at: attempt.createdAtMs,
      is_comparison: attempt.isComparison === true ? 1 : 0,
    },
  );
  keepSeenImports(db, attempt.id);
}

/** The configuration that the attempt resolved when it was made. */
export function configOfAttempt(db: ReadableDb, id: AttemptId): ExperimentConfig {
  const row = db.get("SELECT config FROM stage_attempt WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noAttempt(id));
  return experimentConfigSchema.parse(JSON.parse(text(row, "config")));
}

/** From which states each state may be reached. Failed attempts may be gone on with; superseded is final. */
const LEGAL: { readonly [To in AttemptState]: readonly AttemptState[] } = {
  queued: [],
  running: ["queued", "paused", "failed", "running"],
  paused: ["running", "queued"],
  done: ["running"],
  failed: ["running"],
  superseded: ["queued", "running", "paused", "done", "failed"],
};

function changeState(db: WritableDb, id: AttemptId, to: AttemptState, nowMs: number, error: string | null = null): void {
  db.transaction(() => {
    const { state: from } = attemptById(db, id);
    if (!LEGAL[to].includes(from)) throw new ConflictError(storeWords.cannotBecome(from, to), { attemptId: id });
    db.run(
      `UPDATE stage_attempt SET state = $to, error = $error, pause_requested = 0,
         started_at = CASE WHEN $to = 'running' THEN coalesce(started_at, $now) ELSE started_at END,
         active_ms = active_ms + CASE WHEN running_since IS NULL OR $from <> 'running' OR $to = 'running' THEN 0 ELSE max(0, $now - running_since) END,
         running_since = CASE WHEN $to = 'running' THEN $now END,
         ended_at = CASE WHEN $to IN ('done', 'failed', 'superseded') THEN coalesce(ended_at, $now) END
       WHERE id = $id`,
      { id, from, to, now: nowMs, error },
    );
  });
}

export function startAttempt(db: WritableDb, id: AttemptId, nowMs: number): void {
  changeState(db, id, "running", nowMs);
}

/** `reason` says why, where nobody asked for the pause. */
export function pauseAttempt(db: WritableDb, id: AttemptId, nowMs: number, reason: string | null = null): void {
  changeState(db, id, "paused", nowMs, reason);
}

export function finishAttempt(db: WritableDb, id: AttemptId, nowMs: number): void {
  changeState(db, id, "done", nowMs);
}

export function failAttempt(db: WritableDb, id: AttemptId, error: string, nowMs: number): void {
  changeState(db, id, "failed", nowMs, error);
}

/** Gives an attempt up; what came of it is kept, but counts no more. */
export function supersedeAttempt(db: WritableDb, id: AttemptId, nowMs: number): void {
  changeState(db, id, "superseded", nowMs, attemptById(db, id).error);
}

/** Supersedes the live attempts of a stage and of those after it. Returns how many there were. */
export function supersedeFrom(db: WritableDb, roundId: RoundId, stage: Stage, nowMs: number): number {
  return db.transaction(() => {
    const live = liveAttempts(db, roundId);
    const hit = STAGES.slice(STAGES.indexOf(stage)).flatMap((later) => live.get(later) ?? []);
    for (const attempt of hit) changeState(db, attempt.id, "superseded", nowMs, attempt.error);
    return hit.length;
  });
}

/** Remembers that a pause was asked for, so that a lab that dies before honouring it does not go on by itself. */
export function requestPause(db: WritableDb): void {
  db.run("UPDATE stage_attempt SET pause_requested = 1 WHERE state = 'running'");
}

/** A count that comes late, after its attempt has ended, changes nothing. */
export function setUnits(db: WritableDb, id: AttemptId, done: number, total: number | null): void {
  db.run("UPDATE stage_attempt SET units_done = $done, units_total = $total WHERE id = $id AND state = 'running'", { id, done, total });
}

/** One more death of the engine in a row; returns how many that makes. */
export function countEngineDeath(db: WritableDb, id: AttemptId): number {
  db.run("UPDATE stage_attempt SET engine_deaths = engine_deaths + 1 WHERE id = $id", { id });
  return attemptById(db, id).engineDeaths;
}

/** A unit was finished: deaths before it no longer count as in a row. */
export function clearEngineDeaths(db: WritableDb, id: AttemptId): void {
  db.run("UPDATE stage_attempt SET engine_deaths = 0 WHERE id = $id AND engine_deaths > 0", { id });
}

/**
 * Runs that a dead lab left as running become paused. Those that wait for people stay, as nothing of them ran here; a
 * dispute that waits for a person beside the plan of a judge's stage does not hold that stage up.
 */
export function pauseInterrupted(db: WritableDb, nowMs: number): number {
  return db.transaction(() => {
    const rows = db.all(
      `SELECT a.id FROM stage_attempt a WHERE a.state = 'running' AND NOT EXISTS (
         SELECT 1 FROM ask k JOIN oracle o ON o.id = k.oracle_id
         WHERE k.attempt_id = a.id AND k.purpose IN ('training', 'evaluation') AND o.config ->> 'kind' = 'people' AND (k.outcome = 'open' OR EXISTS (
           SELECT 1 FROM judgment_head h WHERE h.ask_id = k.id AND h.is_retraction = 1)))`,
    );
    // The time between the death and now was not spent running.
    for (const row of rows) {
      const id = text(row, "id") as AttemptId;
      db.run("UPDATE stage_attempt SET running_since = $now WHERE id = $id", { id, now: nowMs });
      pauseAttempt(db, id, nowMs);
    }
    return rows.length;
  });
}

/** Named counts of a run, replaced as a whole. */
export function setCounts(db: WritableDb, id: AttemptId, counts: Readonly<Record<string, number>>): void {
  db.transaction(() => {
    db.run("DELETE FROM attempt_count WHERE attempt_id = $id", { id });
    for (const [name, value] of Object.entries(counts)) {
      db.run("INSERT INTO attempt_count (attempt_id, name, value) VALUES ($id, $name, $value)", { id, name, value });
    }
  });
}

export function countsOf(db: ReadableDb, id: AttemptId): Record<string, number> {
  const rows = db.all("SELECT name, value FROM attempt_count WHERE attempt_id = $id ORDER BY name", { id });
  return Object.fromEntries(rows.map((row) => [text(row, "name"), number(row, "value")]));
}
