/** Rounds, their stages, and the attempts at each stage: the database is the state machine. */
import type { AttemptId, ContentHash, PolicyId, RoundId } from "#app/base/ids.ts";
import * as z from "zod";

export const STAGES = ["sample", "judge", "pair", "train", "evaluate"] as const;
export const stageSchema = z.enum(STAGES);
export type Stage = z.infer<typeof stageSchema>;

export const attemptStateSchema = z.enum(["queued", "running", "paused", "done", "failed", "superseded"]);
export type AttemptState = z.infer<typeof attemptStateSchema>;

/** One run of a stage. Everything that came of it names it; redoing makes a new one and supersedes the old. */
export type StageAttempt = {
  readonly id: AttemptId;
  readonly roundId: RoundId;
  readonly stage: Stage;
  /** From 1 within the round and stage. */
  readonly number: number;
  /** Hash of what the run reads: the attempt before it, policies, resolved configuration. */
  readonly inputHash: ContentHash;
  readonly state: AttemptState;
  readonly isPauseRequested: boolean;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Time spent running, pauses and restarts taken off. */
  readonly activeMs: number;
  readonly unitsDone: number;
  readonly unitsTotal: number | null;
  /** Deaths of the engine in a row; the third stops the stage. */
  readonly engineDeaths: number;
  readonly error: string | null;
};

export type Round = {
  readonly id: RoundId;
  /** From 1. */
  readonly number: number;
  /** The policy that samples, and the reference of the loss. */
  readonly policyId: PolicyId;
  /** Made by the train stage; null before. */
  readonly newPolicyId: PolicyId | null;
};
