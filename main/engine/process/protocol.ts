/** What the lab and the engine process say to each other: calls, cancels, events, results. Structured-cloneable values only. */
import type { ContentHash } from "#app/base/ids.ts";
import type { ErrorCode, ErrorDetails } from "#app/base/errors.ts";
import type { DeviceFinding, EngineOptions } from "#app/domain/device.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import type { CheckpointJob, SampleEvent, SampleUnit, ScoredResponse, ScoreUnit, TrainEvent, TrainedWeights, TrainJob } from "#app/rounds/ports.ts";
import type { TrainingForecast } from "#app/domain/training-forecast.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { PrecisionMeasurement } from "#app/rounds/sampling-precision.ts";
import type { SamplingSettings } from "#app/domain/sampling.ts";
import type { Precision } from "#main/engine/checkpoints/export/write-formats.ts";

/** A policy's weights as files that the engine process reaches. */
export type PolicyFiles = {
  readonly checkpointHash: ContentHash;
  readonly checkpointPath: string;
  readonly adapterPath: string | null;
};

export type AdapterFacts = {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
  readonly baseModelName: string | null;
};

export type OpeningProgress = { readonly message: string; readonly share: number };

/** A training job without what only the lab knows; folders are the engine's to fill. */
export type EngineTrainJob = Pick<TrainJob, "pairs" | "heldOutPairs" | "settings" | "engine" | "seed" | "baseModelName"> & {
  readonly policy: PolicyFiles;
  readonly firstPolicy?: PolicyFiles;
  readonly resume: { readonly step: number; readonly folder: string } | null;
  readonly scratch: string;
};

/** What training made, as a folder in the job's scratch. */
export type TrainedFolder = { readonly kind: TrainedWeights["kind"]; readonly folder: string };

/** A training checkpoint that becomes a policy's weights; `folder` holds it, `scratch` is the engine's to fill. */
export type EngineCheckpointJob = Pick<CheckpointJob, "settings" | "baseModelName"> & {
  readonly policy: PolicyFiles;
  readonly step: number;
  readonly folder: string;
  readonly scratch: string;
};

/** Training events of the engine: a checkpoint is a folder that the lab stores and then announces. */
export type EngineTrainEvent =
  Exclude<TrainEvent, { readonly kind: "checkpoint" }> | { readonly kind: "checkpointWritten"; readonly step: number; readonly folder: string };

/** Where and how a policy is written for other tools. */
export type PolicyTarget = { readonly path: string; readonly layout: "hf" | "gguf"; readonly precision: Precision };

/** Each method with its parameters, events and result. */
export type EngineMethods = {
  readonly openCheckpoint: { readonly params: { readonly path: string }; readonly event: OpeningProgress; readonly result: CheckpointRecord };
  readonly inspectAdapter: { readonly params: { readonly folder: string }; readonly event: never; readonly result: AdapterFacts };
  readonly tokeniseResponses: {
    readonly params: { readonly policy: PolicyFiles; readonly texts: readonly string[] };
    readonly event: never;
    readonly result: readonly (readonly number[])[];
  };
  readonly sample: {
    readonly params: {
      readonly policy: PolicyFiles;
      readonly settings: SamplingSettings;
      readonly units: readonly SampleUnit[];
      readonly engine: EngineOptions;
      readonly isWatched: boolean;
    };
    readonly event: SampleEvent;
    readonly result: null;
  };
  readonly measurePrecision: {
    readonly params: {
      readonly policy: PolicyFiles;
      readonly reference: PolicyFiles | null;
      readonly settings: SamplingSettings;
      readonly units: readonly SampleUnit[];
      readonly engine: EngineOptions;
    };
    readonly event: OpeningProgress;
    readonly result: PrecisionMeasurement | null;
  };
  readonly score: {
    readonly params: { readonly policy: PolicyFiles; readonly units: readonly ScoreUnit[]; readonly engine: EngineOptions };
    readonly event: never;
    readonly result: readonly ScoredResponse[];
  };
  readonly scoreTexts: {
    readonly params: { readonly policy: PolicyFiles; readonly texts: readonly string[]; readonly engine: EngineOptions };
    readonly event: never;
    readonly result: readonly (readonly number[])[];
  };
  readonly train: {
    readonly params: EngineTrainJob;
    readonly event: EngineTrainEvent;
    readonly result: { readonly trained: TrainedFolder; readonly stepCount: number };
  };
  /** Two short runs are measured, the rest is counted: lengths of responses are what is expected, and the most. */
  readonly forecastTraining: {
    readonly params: {
      readonly policy: PolicyFiles;
      readonly settings: TrainJob["settings"];
      readonly engine: EngineOptions;
      readonly prompts: readonly (readonly Message[])[];
      readonly expectedTokens: number;
      readonly mostTokens: number;
    };
    readonly event: never;
    readonly result: TrainingForecast;
  };
  /** Merged weights with all that a model needs, for other tools. `path` is a folder that is empty or not there, or a GGUF file. */
  readonly writePolicy: {
    readonly params: { readonly policy: PolicyFiles } & PolicyTarget;
    readonly event: OpeningProgress;
    readonly result: { readonly files: readonly string[] };
  };
  readonly trainedAt: { readonly params: EngineCheckpointJob; readonly event: never; readonly result: TrainedFolder };
  /** Every device, and whether it gives the CPU's numbers; looked at once a process. */
  readonly devices: { readonly params: null; readonly event: never; readonly result: readonly DeviceFinding[] };
  readonly versions: { readonly params: null; readonly event: never; readonly result: Readonly<Record<string, string>> };
};

export type EngineMethod = keyof EngineMethods;

export type EngineRequest =
  | { readonly kind: "start"; readonly cacheDir: string }
  | { readonly kind: "call"; readonly id: number; readonly method: EngineMethod; readonly params: unknown }
  | { readonly kind: "cancel"; readonly id: number };

export type WireError = { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };

export type EngineReply =
  | { readonly kind: "event"; readonly id: number; readonly event: unknown }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: WireError };
