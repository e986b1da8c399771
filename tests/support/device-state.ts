/** Prints what sampling and training give on the device named, and what crosses, as JSON: a process of its own, as drivers are loaded once. */
import { EngineError } from "#app/base/errors.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import type { TrainingState } from "#main/engine/training/training-state.ts";
import { type Crossing, sampleMany, trainFew, watched } from "./resident-runs.ts";

/** Of runs of a kind, the most bytes that one carries. */
export type MostCrossing = Readonly<Record<string, { readonly toDevice: number; readonly back: number }>>;

type Responses = Awaited<ReturnType<typeof sampleMany>>;
type Metrics = Awaited<ReturnType<typeof trainFew>>["metrics"];

export type DeviceState = {
  readonly responses: Responses;
  readonly sampling: MostCrossing;
  /** Of all steps: the device fails after the third, and is gone on with from the checkpoint of the second. */
  readonly metrics: Metrics;
  readonly checkpoint: PlainState;
  readonly end: PlainState;
  readonly training: MostCrossing;
  /** Tensors that are still on the device after all. */
  readonly heldCount: number;
};

type Kind = "factors" | "firstMoments" | "secondMoments";
export type PlainState = { readonly step: number } & { readonly [K in Kind]: Readonly<Record<string, readonly number[]>> };

function plain(state: TrainingState | undefined): PlainState {
  if (state === undefined) throw new Error("expected a state");
  const numbersOf = (kind: Kind) => Object.fromEntries([...state[kind]].map(([name, numbers]) => [name, [...numbers]]));
  return {
    step: state.step,
    factors: numbersOf("factors"),
    firstMoments: numbersOf("firstMoments"),
    secondMoments: numbersOf("secondMoments"),
  };
}

function mostOf(crossings: readonly Crossing[]): MostCrossing {
  const most: Record<string, { toDevice: number; back: number }> = {};
  for (const { what, toDevice, back } of crossings) {
    const kind = /(decode|decode-written|prefill|place|grow|train|squares|adamw|score|loss|read)(\/|$)/u.exec(what)?.[1] ?? what;
    const known = most[kind] ?? { toDevice: 0, back: 0 };
    most[kind] = { toDevice: Math.max(known.toDevice, toDevice), back: Math.max(known.back, back) };
  }
  return most;
}

export async function computeState(device: "cpu" | "webgpu"): Promise<DeviceState> {
  const open = (fusion: "exact" | "fast") => {
    const real = createSessionCache(12, { device, threads: 1, fusion });
    return watched(real, () => real.openMemory());
  };
  const [sampling, training] = [open("fast"), open("exact")];
  const responses = await sampleMany(sampling.sessions);
  await sampling.sessions.release();
  const error = new EngineError("ONNX Runtime stopped in a run: device lost", { device });
  const begun = await trainFew("adapter", training.sessions, { failAfter: { step: 3, error } });
  // Going on from it changes it.
  const [saved] = begun.saved;
  if (saved === undefined) throw new Error("expected a checkpoint");
  const checkpoint = plain(saved);
  const goneOn = await trainFew("adapter", training.sessions, { resumed: saved });
  await training.sessions.release();
  return {
    responses,
    sampling: mostOf(sampling.crossings),
    metrics: [...begun.metrics.slice(0, checkpoint.step), ...goneOn.metrics],
    checkpoint,
    end: plain(goneOn.state),
    training: mostOf(training.crossings),
    heldCount: sampling.held.size + training.held.size,
  };
}

const [, script, asked] = process.argv;
if (script === import.meta.filename) {
  if (asked !== "cpu" && asked !== "webgpu") throw new Error(`expected a device, got ${String(asked)}`);
  process.stdout.write(JSON.stringify(await computeState(asked)));
}
