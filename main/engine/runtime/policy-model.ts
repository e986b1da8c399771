/** A policy as the engine runs it: one checkpoint, its adapter's factors if it has one, its tokens. */
import type { AdapterFactors } from "#app/models/adapter.ts";
import type { Model } from "#app/models/decoder.ts";
import type { Fed } from "./runtime-session.ts";

export type PolicyModel = {
  /** Names the policy among the keys of runtime sessions: graphs depend on checkpoint and adapter shape, not on factors. */
  readonly key: string;
  readonly model: Model;
  /** An adapter's by PEFT's names; all weights by the checkpoint's, where they are trained; else none. */
  readonly factors: AdapterFactors;
  /** Radians a position, [headSize / 2] for each of the model's ropes. */
  readonly frequencies: readonly Float32Array[];
};

/** Factors as runs are fed them: numbers, or tensors that lie on the device. */
export type FedFactors = ReadonlyMap<string, Fed>;

/** A policy that runs read, wherever its factors lie. */
export type FedPolicy = Omit<PolicyModel, "factors"> & { readonly factors: FedFactors };
