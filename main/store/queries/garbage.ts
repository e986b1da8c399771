/** What lies on the disk for an experiment, and which records need it. */
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import { type AttemptState, attemptStateSchema } from "#app/domain/round.ts";
import { flag, number, type ReadableDb, text } from "../database.ts";

export type StoredArtefact = { readonly hash: ContentHash; readonly kind: "adapter" | "trainingCheckpoint" | "export"; readonly sizeBytes: number };

/** Those whose files are there. */
export function keptArtefacts(db: ReadableDb): StoredArtefact[] {
  return db.all("SELECT hash, kind, size_bytes FROM artefact WHERE removed_at IS NULL ORDER BY created_at, hash").map((row) => ({
    hash: text(row, "hash") as ContentHash,
    kind: text(row, "kind") as StoredArtefact["kind"], // its CHECK allows just these words
    sizeBytes: number(row, "size_bytes"),
  }));
}

export type TrainingRunFiles = { readonly attemptId: AttemptId; readonly round: number; readonly state: AttemptState };

/** Every run of a train stage, superseded ones too. */
export function trainingRuns(db: ReadableDb): TrainingRunFiles[] {
  return db
    .all("SELECT a.id, r.number, a.state FROM stage_attempt a JOIN round r ON r.id = a.round_id WHERE a.stage = 'train' ORDER BY r.number, a.number")
    .map((row) => ({ attemptId: text(row, "id") as AttemptId, round: number(row, "number"), state: attemptStateSchema.parse(row["state"]) }));
}

/** Checkpoints within the experiment's folder by their path from there, and whether a policy that counts rests on them. */
export function insideCheckpoints(db: ReadableDb): { readonly path: string; readonly isNeeded: boolean }[] {
  return db
    .all(
      `SELECT c.path, EXISTS (SELECT 1 FROM current_policy p WHERE p.checkpoint_hash = c.hash) AS is_needed
       FROM checkpoint c WHERE c.is_inside = 1 ORDER BY c.path`,
    )
    .map((row) => ({ path: text(row, "path"), isNeeded: flag(row, "is_needed") }));
}
