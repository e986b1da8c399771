/** Two short runs with gradients, measured: what a forecast of training goes by on this machine. */
import { elementCount } from "#app/graph/shapes.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import type { PairObjective } from "#app/training/losses.ts";
import type { GradientMode } from "#app/training/pair-graph.ts";
import { bucketOf, type TrainablePair } from "#app/training/pair-packing.ts";
import { calibrate, type Calibration, type MeasuredRun, runCosts } from "#app/training/run-cost.ts";
import { heldBytes } from "#main/engine/runtime/process-memory.ts";
import { differentiatePairs, type LoadedRunner, trainingSession } from "./pair-runs.ts";

/** Packed tokens of the two sizes: large enough to tell, small enough to be done in seconds. The larger one first: the smaller finds its memory at hand. */
const PROBE_LENGTHS = [192, 64] as const;
/** So many pairs a run at the most: a forecast that takes as much memory as the training would be of no use. */
const MOST_PAIRS = 2;
const RUNS = 3;

export type ProbeHooks = {
  readonly isCancelled: () => boolean;
  /** Called between two runs. Throws to end the probe. */
  breathe(): Promise<void>;
};

/** The memory it reads is the whole process's: what else is loaded counts as there from the start. */
export async function probeTraining(of: LoadedRunner, objective: PairObjective & GradientMode, hooks: ProbeHooks): Promise<Calibration> {
  const runner = { ...of, batch: Math.min(of.batch, MOST_PAIRS) };
  const measured: MeasuredRun[] = [];
  const parameterBytes = [...runner.policy.factors.values()].reduce((sum, numbers) => sum + numbers.byteLength, 0);
  for (const length of PROBE_LENGTHS) {
    const pairs = Array.from({ length: runner.batch }, (_, i) => pairOfLength(length, i, runner.policy.model.config.vocabularySize));
    const indices = pairs.map((_, i) => i);
    const reference = { chosen: new Float32Array(pairs.length), rejected: new Float32Array(pairs.length) };
    const batch = { pairs, indices, weight: 1 / pairs.length, mismatchedLogRatio: 0 };
    const bucket = bucketOf(pairs, runner.batch);
    const { train } = runCosts(runner.policy.model, { batch: runner.batch, bucket }, objective);
    // One at a time: each may hold memory of its own.
    await runner.sessions.release();
    // Made before memory is read: building graphs leaves garbage that no run asks for.
    await trainingSession(runner, bucket, objective);
    const bytesBefore = heldBytes();
    let bytesAfter = bytesBefore;
    let ms = Infinity;
    for (let run = 0; run < RUNS; run++) {
      await hooks.breathe();
      const startedAt = performance.now();
      await differentiatePairs(runner, batch, runner.policy.factors, reference, objective);
      // The first touches pages and caches.
      if (run > 0) ms = Math.min(ms, performance.now() - startedAt);
      else bytesAfter = heldBytes();
    }
    measured.push({ cost: train, ms, bytesBefore, bytesAfter });
  }
  const [large, small] = measured;
  if (small === undefined || large === undefined) throw new RangeError("internal: expected two probes");
  // Weights that are trained are handed in; others are mapped from their file, and all there after a run.
  const mappedBytes = runner.policy.model.adapter === null ? 0 : weightBytes(runner.policy.model.config);
  return calibrate(small, large, parameterBytes + mappedBytes);
}

function weightBytes(config: ModelConfig): number {
  return [...checkpointTensors(config).values()].reduce((sum, shape) => sum + 4 * elementCount(shape), 0);
}

/** Half prompt, a quarter each response. What the tokens are changes neither time nor memory. */
function pairOfLength(length: number, salt: number, vocabularySize: number): TrainablePair {
  const ids = (count: number, seed: number): number[] => Array.from({ length: count }, (_, i) => ((i + 1) * 7919 + seed) % vocabularySize);
  return {
    promptIds: ids(length / 2, salt),
    chosenIds: ids(length / 4, salt + 1),
    rejectedIds: ids(length / 4, salt + 2),
    winRates: { chosen: 0.75, rejected: 0.25 },
  };
}
