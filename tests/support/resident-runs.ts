/** Sampling and training of tiny models with what their runs carry across to the device and back, for tests of resident state. */
import { Tensor } from "onnxruntime-node";
import { CancelledError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { type TrainingSettings, trainingSettingsSchema } from "#app/domain/training.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { SampledResponse } from "#app/rounds/ports.ts";
import { probePolicy, probeTokens } from "#main/engine/devices/probe-model.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { ResidentTensor } from "#main/engine/runtime/resident-tensor.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { trainAdapter } from "#main/engine/training/train-adapter.ts";
import type { TrainingState } from "#main/engine/training/training-state.ts";
import { goldenExpected, goldenFullPolicy, goldenPolicy } from "./golden-llama.ts";

/** Bytes of one run of a session, or of one tensor placed or read. */
export type Crossing = { readonly what: string; readonly toDevice: number; readonly back: number };

export type WatchedSessions = {
  readonly sessions: SessionCache;
  readonly crossings: Crossing[];
  /** Tensors that were made on the device and are still there. */
  readonly held: ReadonlySet<ResidentTensor>;
};

/** The sessions as they are, but with the memory of `openMemory`. */
export function watched(real: SessionCache, openMemory: () => DeviceMemory | undefined): WatchedSessions {
  const crossings: Crossing[] = [];
  const held = new Set<ResidentTensor>();
  const note = (what: string, toDevice: number, back: number): void => void crossings.push({ what, toDevice, back });
  const sessions: SessionCache = {
    get: async (key, graph) => {
      const session = await real.get(key, graph);
      return {
        run: async (feeds, outputs, into) => {
          const results = await session.run(feeds, outputs, into);
          note(key, bytesOf(feeds.values()), bytesOf(results.values()));
          return results;
        },
        release: () => session.release(),
      };
    },
    openMemory: () => {
      const memory = openMemory();
      if (memory === undefined) return undefined;
      const hold = (tensor: ResidentTensor): ResidentTensor => {
        held.add(tensor);
        const released = tensor.release.bind(tensor);
        tensor.release = () => {
          held.delete(tensor);
          released();
        };
        return tensor;
      };
      return {
        place: async (numbers, shape) => {
          note("place", numbers.byteLength, 0);
          return hold(await memory.place(numbers, shape));
        },
        zeros: async (shape) => hold(await memory.zeros(shape)),
        read: async (tensor) => {
          const numbers = await memory.read(tensor);
          note("read", 0, numbers.byteLength);
          return numbers;
        },
        release: () => memory.release(),
      };
    },
    release: () => real.release(),
  };
  return { sessions, crossings, held };
}

function bytesOf(values: Iterable<unknown>): number {
  let bytes = 0;
  for (const value of values) if (value instanceof Float32Array || value instanceof BigInt64Array) bytes += value.byteLength;
  return bytes;
}

/** A device's memory that is this process's own: the same graphs write the same tensors in place, on any machine. */
export function processMemory(): DeviceMemory {
  const residents = new Set<ResidentTensor>();
  const keep = (numbers: Float32Array, shape: readonly number[]): Promise<ResidentTensor> => {
    const resident = new ResidentTensor(new Tensor("float32", numbers, shape), shape, (gone) => residents.delete(gone));
    residents.add(resident);
    return Promise.resolve(resident);
  };
  return {
    place: (numbers, shape) => keep(numbers.slice(), shape),
    zeros: (shape) => keep(new Float32Array(elementCount(shape)), shape),
    read: ({ tensor }) => Promise.resolve(Float32Array.from(tensor.data as Float32Array)), // Made above.
    release: () => {
      for (const resident of [...residents]) resident.release();
      return Promise.resolve();
    },
  };
}

/** More responses than rows, which end at different steps, after prompts on both sides of a cache's size. */
export async function sampleMany(sessions: SessionCache): Promise<Readonly<Record<string, Pick<SampledResponse, "tokenIds" | "logp">>>> {
  const lengths = [3, 20, 90, 121];
  const units = Array.from({ length: 36 }, (_, i) => ({
    promptId: `p${i % lengths.length}` as PromptId,
    messages: [{ role: "user" as const, content: String(lengths[i % lengths.length]) }],
    sampleIndex: Math.floor(i / lengths.length),
    seed: i,
  }));
  const responses: [string, Pick<SampledResponse, "tokenIds" | "logp">][] = [];
  await sampleResponses(
    {
      policy: probePolicy(),
      tokenizer: {
        promptIds: ([message]) => [...probeTokens(Number(message?.content), Number(message?.content))],
        decode: (ids) => ids.join(" "),
        // An eighth of the vocabulary.
        eosIds: new Set(Array.from({ length: 20 }, (_, i) => i)),
      },
      sessions,
      settings: samplingSettingsSchema.parse({ maxNewTokens: 12, temperature: 0.9 }),
      units,
    },
    {
      sampled: ({ promptId, sampleIndex, tokenIds, logp }) => responses.push([`${promptId}/${sampleIndex}`, { tokenIds, logp }]),
      skipped: () => undefined,
      isCancelled: () => false,
      breathe: () => Promise.resolve(),
    },
  );
  return Object.fromEntries(responses.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export type TrainedPart = "adapter" | "all weights";

export const RESIDENT_STEPS = 4;

function trainedPart(part: TrainedPart): { readonly policy: PolicyModel; readonly settings: TrainingSettings } {
  const settings = { beta: 0.3, sftWeight: 0.05, weightDecay: 0.1, maxGradNorm: 1, batchSize: 3, microBatchSize: 2, checkpointEverySteps: 2 };
  return part === "adapter"
    ? { policy: goldenPolicy("tied", true), settings: trainingSettingsSchema.parse({ ...settings, learningRate: 1e-2, epochs: RESIDENT_STEPS }) }
    : { policy: goldenFullPolicy("biased"), settings: trainingSettingsSchema.parse({ ...settings, learningRate: 1e-3, epochs: RESIDENT_STEPS }) };
}

export type TrainingEnd = {
  readonly metrics: readonly Readonly<Record<string, number>>[];
  readonly saved: readonly TrainingState[];
  /** Undefined where the run was stopped. */
  readonly state: TrainingState | undefined;
};

export type TrainingOptions = {
  readonly resumed?: TrainingState;
  readonly cancelAfter?: number;
  readonly failAfter?: { readonly step: number; readonly error: Error };
};

/** A few steps of two runs each, with weight decay, clipping, warm-up, a checkpoint and a held-out pair. */
export async function trainFew(part: TrainedPart, sessions: SessionCache, options: TrainingOptions = {}): Promise<TrainingEnd> {
  const { policy, settings } = trainedPart(part);
  const pairs = goldenExpected(part === "adapter" ? "tied" : "biased").pairs.map(({ prompt, chosen, rejected }) => ({
    promptIds: prompt,
    chosenIds: chosen,
    rejectedIds: rejected,
  }));
  const metrics: Readonly<Record<string, number>>[] = [];
  const saved: TrainingState[] = [];
  const done = (): number => (options.resumed?.step ?? 0) + metrics.length;
  const state = await trainAdapter(
    {
      runner: { policy, sessions, batch: settings.microBatchSize },
      pairs,
      heldOutPairs: pairs.slice(0, 1),
      settings,
      seed: 7,
      resumed: options.resumed,
    },
    {
      referenceScored: () => undefined,
      stepDone: (_, values) => metrics.push(values),
      save: (some) => {
        saved.push(structuredClone(some));
        return Promise.resolve();
      },
      isCancelled: () => done() === options.cancelAfter,
      breathe: () => {
        if (options.failAfter !== undefined && done() === options.failAfter.step) throw options.failAfter.error;
        return Promise.resolve();
      },
    },
  ).catch((thrown: unknown) => {
    if (thrown instanceof CancelledError || thrown === options.failAfter?.error) return undefined;
    throw thrown;
  });
  return { metrics, saved, state };
}
