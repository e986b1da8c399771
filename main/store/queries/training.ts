/** Training runs beside their metrics: durable checkpoints with their size, and the wish to end with the best of them. */
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import { number, numberOrNull, type ReadableDb, text, type WritableDb } from "../database.ts";

export type KeptCheckpoint = { readonly step: number; readonly artefact: ContentHash; readonly atMs: number; readonly sizeBytes: number };

/** The durable checkpoints of a run in order, but those that were given up to free the disk. */
export function trainingCheckpoints(db: ReadableDb, attemptId: AttemptId): KeptCheckpoint[] {
  return db
    .all(
      `SELECT c.step, c.artefact_hash, c.created_at, a.size_bytes FROM training_checkpoint c JOIN artefact a ON a.hash = c.artefact_hash
       WHERE c.attempt_id = $attempt_id AND a.removed_at IS NULL ORDER BY c.step`,
      { attempt_id: attemptId },
    )
    .map((row) => ({
      step: number(row, "step"),
      artefact: text(row, "artefact_hash") as ContentHash, // the column references artefact hashes
      atMs: number(row, "created_at"),
      sizeBytes: number(row, "size_bytes"),
    }));
}

export type TrainingStop = {
  readonly requestedAtMs: number;
  /** The checkpoint that became the policy, and its measure; null until the run has ended. */
  readonly kept: { readonly step: number; readonly loss: number } | null;
};

export function trainingStopOf(db: ReadableDb, attemptId: AttemptId): TrainingStop | undefined {
  const row = db.get("SELECT requested_at, kept_step, kept_loss FROM training_stop WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
  if (row === undefined) return undefined;
  const [step, loss] = [numberOrNull(row, "kept_step"), numberOrNull(row, "kept_loss")];
  return { requestedAtMs: number(row, "requested_at"), kept: step === null || loss === null ? null : { step, loss } };
}

/** Asking twice is asking once. */
export function requestTrainingStop(db: WritableDb, attemptId: AttemptId, nowMs: number): void {
  db.run("INSERT INTO training_stop (attempt_id, requested_at) VALUES ($attempt_id, $now) ON CONFLICT DO NOTHING", {
    attempt_id: attemptId,
    now: nowMs,
  });
}

export function noteKeptCheckpoint(db: WritableDb, attemptId: AttemptId, kept: { readonly step: number; readonly loss: number }): void {
  db.run("UPDATE training_stop SET kept_step = $step, kept_loss = $loss WHERE attempt_id = $attempt_id", { attempt_id: attemptId, ...kept });
}
