/** Policies: one checkpoint plus at most one adapter, known by content, with the parent as a record. */
import type { AttemptId, ContentHash, PolicyId } from "#app/base/ids.ts";

/** A stored checkpoint as the lab opened it. */
export type CheckpointRecord = {
  readonly hash: ContentHash;
  /** The folder (or GGUF file) that the user named. */
  readonly path: string;
  readonly family: string;
  readonly parameterCount: number;
  /** Bytes of the weight files, and their newest modification time, checked before each use. */
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly headerHash: ContentHash;
};

export type Policy = {
  readonly id: PolicyId;
  /** Short and unique within the experiment: r0 for the first policy, r1 after round 1, ... */
  readonly name: string;
  readonly checkpointHash: ContentHash;
  /** Hash of the PEFT folder in the artefact store; null for the bare checkpoint. */
  readonly adapterHash: ContentHash | null;
  readonly parentId: PolicyId | null;
  /** The training run that made it; null for what was added by hand. */
  readonly attemptId: AttemptId | null;
  readonly createdAtMs: number;
};
