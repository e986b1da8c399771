/** What the lab's use cases are handed: drivers, the store, time, ids and the event stream. */
import { ConflictError } from "#app/base/errors.ts";
import type { DeviceId, IdMaker } from "#app/base/ids.ts";
import type { DeviceFinding } from "#app/domain/device.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import type { DataFiles } from "#app/rounds/data-ports.ts";
import type { ChatEndpoints, Clock, ModelHub, OracleMaker, PolicyWeights, Sampler, Scorer, SecretStore, Trainer } from "#app/rounds/ports.ts";
import { newerSchemaSentence } from "#main/store/migrate.ts";
import type { Store } from "#main/store/store.ts";
import type { EventBus } from "./events.ts";
import type { CommitTogether } from "./group-commit.ts";
import type { Network } from "./network.ts";
import type { CheckpointShelf } from "./policies/checkpoint-shelf.ts";
import type { RateMemory } from "./rounds/rate-memory.ts";

/** What is going on while a checkpoint is opened; `share` of 1. */
export type OpeningProgress = { readonly message: string; readonly share: number };

/** What an adapter folder in the PEFT layout says of itself. */
export type AdapterRecord = {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
  /** `base_model_name_or_path`; null if the folder names none. */
  readonly baseModelName: string | null;
};

/** How a policy is written for other tools. */
export type PolicyTarget = { readonly path: string; readonly layout: "hf" | "gguf"; readonly precision: "f32" | "f16" | "bf16" | "q8_0" };

/** The engine as the lab uses it. An EngineError with `details.died` says that its process is gone; the next call starts it anew. */
export type Engine = Sampler &
  Scorer &
  Trainer & {
    /** Opens a folder or file, converting what is not F32 once. Afterwards the engine finds its weights by their hash. */
    openCheckpoint(path: string, onProgress: (progress: OpeningProgress) => void, signal: AbortSignal): Promise<CheckpointRecord>;
    /** Throws DataError for a folder that is no adapter which the engine can use. */
    inspectAdapter(folder: string): Promise<AdapterRecord>;
    /** Token ids of texts that no policy of the lab sampled (a teacher's), each ended as the policy ends a response. */
    tokeniseResponses(policy: PolicyWeights, texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
    /**
     * Writes the policy's merged weights with all that a model needs to `path`, which is empty or not there yet; resolves to
     * the names of the files. Throws ConfigError for a precision that the layout cannot have.
     */
    writePolicy(
      policy: PolicyWeights,
      target: PolicyTarget,
      onProgress: (progress: OpeningProgress) => void,
      signal: AbortSignal,
    ): Promise<readonly string[]>;
    /** Every device, and whether sampling and training on it give the CPU's numbers. */
    devices(): Promise<readonly DeviceFinding[]>;
    /** What runs: the engine's parts and the processor's features, by name. */
    versions(): Promise<Readonly<Record<string, string>>>;
    /** The hard stop: the process is gone when this resolves, whatever it was at. What it was asked fails; the next call starts it anew. */
    stop(): Promise<void>;
    close(): Promise<void>;
  };

export type LabContext = {
  readonly folder: string;
  readonly store: Store;
  readonly engine: Engine;
  readonly checkpoints: CheckpointShelf;
  readonly oracles: OracleMaker;
  readonly dataFiles: DataFiles;
  /** Judges behind endpoints; what they cost is the caller's to account for. */
  readonly chat: ChatEndpoints;
  /** Models by name; what it fetches goes through `network`. */
  readonly hub: ModelHub;
  readonly secrets: SecretStore;
  /** The only way out: what is fetched through it obeys the offline switch. */
  readonly network: Network;
  /** For what is written often and must be durable before it goes on. */
  readonly commitTogether: CommitTogether;
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly deviceId: DeviceId;
  readonly events: EventBus;
  /** Rates, running times and waits of attempts that run now; memory only. */
  readonly rates: RateMemory;
  /** Aborts when the lab closes. */
  readonly closing: AbortSignal;
};

/** Before anything slow or lasting is done beside the database. Throws ConflictError where nothing may be changed. */
export function requireWritable({ store }: Pick<LabContext, "store">): void {
  if (store.newer !== null) throw new ConflictError(newerSchemaSentence(store.newer));
}
