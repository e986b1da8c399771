/** What a training run takes: counted from its graphs, in times and bytes by two short runs that were measured. */
import { costOf, type GraphCost } from "#app/graph/cost.ts";
import { type Model, weightsFromInputs } from "#app/models/decoder.ts";
import type { Bucket } from "./buckets.ts";
import type { PairObjective } from "./losses.ts";
import { buildPairScoringGraph, buildPairTrainingGraph, type GradientMode } from "./pair-graph.ts";

/** A run of the graph: so many pairs in a bucket. */
export type RunSize = { readonly batch: number; readonly bucket: Bucket };

export type RunCosts = { readonly train: GraphCost; readonly score: GraphCost };

/** Costs of a run with gradients, and of one that scores references. */
export function runCosts(model: Pick<Model, "config" | "adapter">, { batch, bucket }: RunSize, objective: PairObjective & GradientMode): RunCosts {
  // Where weights lie changes no cost.
  const shaped: Model = { ...model, weights: weightsFromInputs };
  return { train: costOf(buildPairTrainingGraph(shaped, batch, bucket, objective)), score: costOf(buildPairScoringGraph(shaped, batch, bucket)) };
}

/** A run that was measured: its time, and the memory that its process held after it. */
export type MeasuredRun = { readonly cost: GraphCost; readonly ms: number; readonly processBytes: number };

/** How this machine and this model turn operations into time, and values that are alive into memory that is held. */
export type Calibration = {
  readonly msFixed: number;
  readonly msPerFlop: number;
  readonly bytesFixed: number;
  /** Above 1: the arena cannot fill every gap. */
  readonly bytesPerAliveByte: number;
};

/** A line through two points, with a slope of `least` at least, and no less than nothing where it starts. */
function lineThrough(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  least: number,
): { readonly fixed: number; readonly slope: number } {
  const slope = Math.max(least, (y2 - y1) / (x2 - x1));
  const fixed = y2 - slope * x2;
  return fixed >= 0 ? { fixed, slope } : { fixed: 0, slope: y2 / x2 };
}

/** Expects the second run to be the larger one. */
export function calibrate(small: MeasuredRun, large: MeasuredRun): Calibration {
  const time = lineThrough([small.cost.productFlops, small.ms], [large.cost.productFlops, large.ms], 0);
  const memory = lineThrough([small.cost.peakBytes, small.processBytes], [large.cost.peakBytes, large.processBytes], 1);
  return { msFixed: time.fixed, msPerFlop: time.slope, bytesFixed: memory.fixed, bytesPerAliveByte: memory.slope };
}

export function predictMs({ msFixed, msPerFlop }: Calibration, cost: GraphCost): number {
  return msFixed + msPerFlop * cost.productFlops;
}

export type TrainingMemory = {
  readonly costs: RunCosts;
  /** Of what is trained. */
  readonly parameterBytes: number;
  readonly runsAStep: number;
  /** Pairs that are measured and never trained on are scored between steps, in memory of their own. */
  readonly hasHeldOut: boolean;
};

/** Beside a run's memory: the trained numbers once more with two moments, sums where several runs make a step, and scoring. */
export function predictBytes({ bytesFixed, bytesPerAliveByte }: Calibration, memory: TrainingMemory): number {
  const { costs, parameterBytes, runsAStep, hasHeldOut } = memory;
  const alive = costs.train.peakBytes + (hasHeldOut ? costs.score.peakBytes : 0);
  return bytesFixed + bytesPerAliveByte * alive + (runsAStep > 1 ? 4 : 3) * parameterBytes;
}
