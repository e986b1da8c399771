/** The interfaces behind which the lab's drivers stand. Nothing here is local: files are artefacts known by hash. */
import type { AttemptId, ContentHash, PromptId, ResponseId } from "#app/base/ids.ts";
import type { AskOutcome } from "#app/domain/ask.ts";
import type { ScriptedOracle } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { FinishReason, SamplingSettings } from "#app/domain/sampling.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import type { Verdict } from "#app/domain/verdict.ts";

/** The weights of a policy as a driver finds them. */
export type PolicyWeights = {
  readonly checkpointHash: ContentHash;
  readonly adapterHash: ContentHash | null;
};

export type SampleUnit = {
  readonly promptId: PromptId;
  readonly messages: readonly Message[];
  readonly sampleIndex: number;
  /** The response is a function of policy, prompt, settings and this seed. */
  readonly seed: number;
};

export type SampleJob = {
  readonly policy: PolicyWeights;
  readonly settings: SamplingSettings;
  readonly units: readonly SampleUnit[];
};

export type SampledResponse = {
  readonly promptId: PromptId;
  readonly sampleIndex: number;
  readonly text: string;
  readonly tokenIds: readonly number[];
  readonly finishReason: FinishReason;
  readonly logp: number;
  readonly isRepetitive: boolean;
};

/** A prompt that cannot be sampled (too long for the model), with the reason. */
export type SkippedUnit = { readonly promptId: PromptId; readonly sampleIndex: number; readonly reason: string };

export type SampleEvent =
  | { readonly kind: "sampled"; readonly response: SampledResponse }
  | { readonly kind: "skipped"; readonly unit: SkippedUnit }
  /** Coalesced, a few a second: tokens made so far and the rate, a partial text for live view is not kept. */
  | { readonly kind: "progress"; readonly tokensDone: number; readonly tokensPerSecond: number };

export interface Sampler {
  /**
   * Samples the units in any order and reports each response as an event; resolves when all are reported. Aborting
   * the signal ends it between two runs of a session with a CancelledError; nothing reported is taken back.
   */
  sample(job: SampleJob, onEvent: (event: SampleEvent) => void, signal: AbortSignal): Promise<void>;
}

export type ScoreUnit = {
  readonly responseId: ResponseId;
  readonly messages: readonly Message[];
  readonly tokenIds: readonly number[];
};

export type ScoredResponse = {
  readonly responseId: ResponseId;
  /** log π(y_t | x, y_<t) in nats for each response token, at temperature 1 without top-p. */
  readonly tokenLogps: readonly number[];
};

export interface Scorer {
  score(policy: PolicyWeights, units: readonly ScoreUnit[], signal: AbortSignal): Promise<readonly ScoredResponse[]>;
}

export type TrainingPair = {
  readonly pairId: string;
  readonly messages: readonly Message[];
  readonly chosenTokenIds: readonly number[];
  readonly rejectedTokenIds: readonly number[];
  /** Expected win rates, where they are known; a loss that needs them drops pairs without. */
  readonly chosenWinRate?: number;
  readonly rejectedWinRate?: number;
};

export type TrainJob = {
  readonly attemptId: AttemptId;
  /** The policy of the round: start, and reference of most losses. */
  readonly policy: PolicyWeights;
  /** The experiment's first policy, for losses that measure against it. */
  readonly firstPolicy?: PolicyWeights;
  readonly pairs: readonly TrainingPair[];
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** The last durable checkpoint of this attempt; null to start. */
  readonly resumeFrom: { readonly step: number; readonly artefact: ContentHash } | null;
  /** Name written into adapter_config.json as base_model_name_or_path. */
  readonly baseModelName: string;
};

export type TrainEvent =
  | {
      readonly kind: "started";
      readonly stepCount: number;
      readonly pairCount: number;
      readonly droppedPairs: readonly { readonly pairId: string; readonly reason: string }[];
    }
  | { readonly kind: "referenceScored"; readonly done: number; readonly total: number }
  | { readonly kind: "step"; readonly step: number; readonly values: Readonly<Record<string, number>> }
  /** The artefact is durable before this is said. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly artefact: ContentHash };

export type TrainResult = { readonly adapterHash: ContentHash; readonly stepCount: number };

export interface Trainer {
  /** Aborting ends it between two steps after a durable checkpoint, with a CancelledError. */
  train(job: TrainJob, onEvent: (event: TrainEvent) => void, signal: AbortSignal): Promise<TrainResult>;
}

export type OracleReply = {
  readonly outcome: Extract<AskOutcome, "answered" | "failed">;
  /** Of the two responses as shown; the lab turns it into stored order. Pairwise asks only. */
  readonly verdict: Verdict | null;
  /** One score a shown response, in shown order; listwise asks only. */
  readonly scores: readonly number[] | null;
  /** P(first shown is preferred), where the oracle gives one. */
  readonly probability: number | null;
  readonly rawReply: string | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly costUsd: number | null;
  readonly durationMs: number;
};

export type OracleQuestion = {
  readonly messages: readonly Message[];
  /** As shown, two or more. `tokenCount` lets a script judge length without a tokenizer. */
  readonly shown: readonly { readonly text: string; readonly tokenCount: number }[];
  readonly mode: "pairwise" | "listwise";
  /** Draws of a noisy script follow from it. */
  readonly seed: number;
};

export interface Oracle {
  ask(question: OracleQuestion, signal: AbortSignal): Promise<OracleReply>;
}

export interface OracleMaker {
  make(config: ScriptedOracle): Oracle;
}

/** Large things as files named by content hash. */
export interface ArtefactStore {
  /** Moves a finished file or folder into the store, durably; the same content twice is one artefact. */
  put(kind: ArtefactKind, sourcePath: string): Promise<ContentHash>;
  /** The path of a stored file or folder. Throws NotFoundError, or DataError if the content was altered. */
  pathOf(hash: ContentHash): Promise<string>;
  has(hash: ContentHash): Promise<boolean>;
  /** A fresh folder on the same file system, for making what is put later. */
  scratch(): Promise<string>;
}

export type ArtefactKind = "adapter" | "trainingCheckpoint" | "export";

/** Starts the engine process; the only way to one. */
export interface ProcessHost {
  start(entry: string, onExit: (exit: { readonly code: number | null; readonly signal: string | null }) => void): ProcessHandle;
}

export interface ProcessHandle {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The hard stop: the process is gone when this resolves. */
  kill(): Promise<void>;
}

export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface Clock {
  nowMs(): number;
}
