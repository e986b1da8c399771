/** The interfaces behind which the lab's drivers stand. Nothing here is local: files are artefacts known by hash. */
import type { AttemptId, ContentHash, PromptId, ResponseId } from "#app/base/ids.ts";
import type { AskOutcome } from "#app/domain/ask.ts";
import type { EngineOptions } from "#app/domain/device.ts";
import type { Endpoint } from "#app/domain/endpoint.ts";
import type { HubSource } from "#app/domain/hub-source.ts";
import type { ScriptedOracle } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { FinishReason, SamplingSettings } from "#app/domain/sampling.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import type { TrainingForecast } from "#app/domain/training-forecast.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import type { JudgeReply } from "#app/judging/judge-reply.ts";
import type { PrecisionMeasurement } from "./sampling-precision.ts";

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
  readonly engine: EngineOptions;
  /** Tell the text of unfinished responses now and then, for somebody who watches. */
  readonly isWatched?: boolean;
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

/** A prompt that cannot be sampled (too long for the model, refused by its chat template), with the reason. */
export type SkippedUnit = { readonly promptId: PromptId; readonly sampleIndex: number; readonly reason: string };

export type SampleEvent =
  | { readonly kind: "sampled"; readonly response: SampledResponse }
  | { readonly kind: "skipped"; readonly unit: SkippedUnit }
  /** Coalesced, a few a second: tokens made so far and the rate. */
  | { readonly kind: "progress"; readonly tokensDone: number; readonly tokensPerSecond: number }
  /** Of watched jobs, coalesced: what an unfinished response says so far; not kept. */
  | { readonly kind: "partial"; readonly promptId: PromptId; readonly sampleIndex: number; readonly text: string; readonly tokenCount: number };

export interface Sampler {
  /**
   * Samples the units in any order and reports each response as an event; resolves when all are reported. Aborting
   * the signal ends it between two runs of a session with a CancelledError; nothing reported is taken back. An
   * EngineError with `details.device` says that this device failed.
   */
  sample(job: SampleJob, onEvent: (event: SampleEvent) => void, signal: AbortSignal): Promise<void>;
  /**
   * What sampling units from a base in 8 bits would change, by a few of them; null where none of them can be sampled.
   * Quantises the base if that has not been done, which takes time and disk.
   */
  measurePrecision(job: PrecisionJob, onProgress: (progress: Preparation) => void, signal: AbortSignal): Promise<PrecisionMeasurement | null>;
}

export type PrecisionJob = Pick<SampleJob, "policy" | "settings" | "units" | "engine"> & {
  /** The policy it was trained from; null where it was not trained here. */
  readonly reference: PolicyWeights | null;
};

/** Something slow before the work itself; `share` of 1. */
export type Preparation = { readonly message: string; readonly share: number };

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

export type ScoreJob = {
  readonly policy: PolicyWeights;
  readonly units: readonly ScoreUnit[];
  readonly engine: EngineOptions;
};

export type TextScoreJob = Omit<ScoreJob, "units"> & { readonly texts: readonly string[] };

export interface Scorer {
  score(job: ScoreJob, signal: AbortSignal): Promise<readonly ScoredResponse[]>;
  /** log p of each token of plain texts, outside of any conversation, given those before it; the first token has none. */
  scoreTexts(job: TextScoreJob, signal: AbortSignal): Promise<readonly (readonly number[])[]>;
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
  /** The policy of the round: start, and reference of most losses. Where all weights are trained it has no adapter. */
  readonly policy: PolicyWeights;
  /** The experiment's first policy, for losses that measure against it. */
  readonly firstPolicy?: PolicyWeights;
  readonly pairs: readonly TrainingPair[];
  /** Never trained on; their loss and order are measured wherever a checkpoint is due, under the names of HELD_OUT_PREFIX. */
  readonly heldOutPairs?: readonly TrainingPair[];
  readonly settings: TrainingSettings;
  readonly engine: EngineOptions;
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
      /** Of the held-out pairs those that can be measured. */
      readonly heldOutCount: number;
      readonly droppedPairs: readonly { readonly pairId: string; readonly reason: string }[];
    }
  | { readonly kind: "referenceScored"; readonly done: number; readonly total: number }
  | { readonly kind: "step"; readonly step: number; readonly values: Readonly<Record<string, number>> }
  /** The artefact is durable before this is said. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly artefact: ContentHash };

/** What training made: an adapter for the checkpoint of the round's policy, or a checkpoint of its own as a Hugging Face folder. */
export type TrainedWeights = { readonly kind: "adapter" | "checkpoint"; readonly artefact: ContentHash };

/** A durable checkpoint of a run, and what its weights need beside it. */
export type CheckpointJob = Pick<TrainJob, "policy" | "baseModelName"> & {
  readonly settings: Pick<TrainingSettings, "trains" | "adapter">;
  readonly checkpoint: { readonly step: number; readonly artefact: ContentHash };
};

export type TrainResult = { readonly trained: TrainedWeights; readonly stepCount: number };

/** What training would be: its settings, prompts, and how many tokens responses are expected to have, and may have. */
export type TrainingQuestion = {
  /** Without an adapter: what one holds changes neither time nor memory. */
  readonly policy: PolicyWeights;
  readonly settings: TrainingSettings;
  readonly engine: EngineOptions;
  readonly prompts: readonly (readonly Message[])[];
  readonly expectedTokens: number;
  readonly mostTokens: number;
};

export interface Trainer {
  /** Measures two short runs, and says from them what training on these prompts would take. Nothing is trained. */
  forecastTraining(question: TrainingQuestion, signal: AbortSignal): Promise<TrainingForecast>;
  /** Aborting ends it between two steps after a durable checkpoint, with a CancelledError. A device fails as in sampling. */
  train(job: TrainJob, onEvent: (event: TrainEvent) => void, signal: AbortSignal): Promise<TrainResult>;
  /** The weights as they stood at a durable checkpoint: how a run ends that is stopped early. */
  trainedAt(job: CheckpointJob): Promise<TrainedWeights>;
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

/** One question to a model behind an endpoint. */
export type ChatCall = {
  readonly endpoint: Endpoint;
  /** Undefined for an endpoint that needs none. */
  readonly key: string | undefined;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxReplyTokens: number;
  readonly temperature: number;
  /** After so many sends without a reply it is given up; as often as a run is patient without it. */
  readonly maxSends?: number;
  /** After so many replies that came whole and cannot be read it is given up: each was paid for. */
  readonly tries: number;
  /** A JSON schema that the reply is to follow, where the endpoint can hold it to one; null for plain text. */
  readonly replySchema: Readonly<Record<string, unknown>> | null;
  /** Ask for the log-probabilities of the first token. */
  readonly wantsFirstTokens: boolean;
  /** The same for every send of this call. */
  readonly idempotencyKey: string;
  /** What a tokens-a-minute limit counts before the reply tells. */
  readonly tokensAbout: number;
};

export type ChatReply = JudgeReply & {
  /** The model as it calls itself, and the fingerprint of its system where there is one. */
  readonly snapshot: string;
  readonly fingerprint: string | null;
  /** As the endpoint reports them; null where it does not. They may be wrong. */
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  /** From the last send to the reply. */
  readonly durationMs: number;
};

export type ChatHooks = {
  /** Its turn has come, and it is sent when this resolves; what it throws ends the call unsent. */
  beforeSend(): Promise<void>;
  /** A send brought no reply. `mayBePaid`: it was lost on the way, and may have been answered and charged for. */
  onLost(loss: { readonly reason: string; readonly mayBePaid: boolean }): Promise<void>;
  /**
   * So many sends in a row brought no reply, of so many before it is given up; the next one comes after a pause. Being
   * turned away does not add up while the endpoint answers others.
   */
  onWait(wait: ChatWait): void;
};

export type ChatWait = {
  readonly reason: string;
  readonly failures: number;
  readonly maxSends: number;
  /** The pause before the next send. */
  readonly waitMs: number;
  /** Since the first send, or since the endpoint last answered another one. */
  readonly silentMs: number;
};

export interface ChatEndpoints {
  /**
   * Sends, and sends again after what may pass (rate limits, time-outs, cut connections, errors of the server), until a
   * reply came. Keeps to the endpoint's limits, its own headers included. Aborting ends the waiting between two sends
   * with a CancelledError; what is under way is awaited, as it is paid for. Throws OracleError: `details.refused` where
   * this one question is not taken, else where the endpoint as a whole cannot be used.
   */
  ask(call: ChatCall, hooks: ChatHooks, signal: AbortSignal): Promise<ChatReply>;
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
  /** Gives an artefact up: noted before its files go, so that a kill in between leaves strays and never a record without files. */
  remove(hash: ContentHash): Promise<void>;
  /** What lies in the store and belongs to no record: left by a kill. What is being put is none. */
  strays(): Promise<readonly { readonly path: string; readonly sizeBytes: number }[]>;
}

/** An export is a whole checkpoint as a Hugging Face folder. */
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

export type HubListing = {
  readonly repo: string;
  readonly commit: string;
  /** Where it would be fetched from; empty where the hub was not asked because all is here. */
  readonly host: string;
  /** As the model's page names it; null where it says none, or the hub was not asked. */
  readonly license: string | null;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly isCached: boolean }[];
  readonly totalBytes: number;
  /** Still to be fetched. */
  readonly missingBytes: number;
  /** The folder or GGUF file that can be opened once all is here. */
  readonly path: string;
};

export type HubProgress = { readonly name: string; readonly doneBytes: number; readonly totalBytes: number };

/** Where models can be had by name. A token goes nowhere but into requests to `origin`. */
export interface ModelHub {
  /** Whose key the token is. */
  readonly origin: string;
  /** What a model is and what fetching it would take. Without the hub, what is in the cache whole. */
  look(source: HubSource, token: string | undefined, signal: AbortSignal): Promise<HubListing>;
  /** The path of what is in the cache whole; undefined if nothing is. The hub is not asked. */
  cached(source: HubSource): Promise<string | undefined>;
  /** Fetches what is missing and returns the path that can be opened. What was fetched before a failure is gone on with. */
  fetch(source: HubSource, token: string | undefined, onProgress: (progress: HubProgress) => void, signal: AbortSignal): Promise<string>;
}

/** keychain: kept by the system; environment: a variable of the lab's process, which the lab cannot change; memory: gone when the lab ends. */
export type SecretPlace = "keychain" | "environment" | "memory";

/** Keys by the origin (scheme and host) that they belong to. What it holds goes nowhere but into the requests to that origin. */
export interface SecretStore {
  get(origin: string): Promise<string | undefined>;
  /** Where `get` finds it, or would; undefined if there is none. */
  placeOf(origin: string): Promise<SecretPlace | undefined>;
  /** Keeps it in the keychain where one answers, else in memory; returns which. */
  set(origin: string, value: string): Promise<SecretPlace>;
  delete(origin: string): Promise<void>;
  /** The environment variable that `get` looks at first. */
  variableOf(origin: string): string;
}

export interface Clock {
  nowMs(): number;
}
