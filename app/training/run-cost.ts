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

/** A run that was measured: its time, and the memory that its process held before its first run and after it. */
export type MeasuredRun = { readonly cost: GraphCost; readonly ms: number; readonly bytesBefore: number; readonly bytesAfter: number };

/** How this machine and this model turn operations into time, and values that are alive into memory that is held. */
export type Calibration = {
  readonly msFixed: number;
  readonly msPerFlop: number;
  readonly bytesFixed: number;
  /** Above 1: the arena cannot fill every gap. */
  readonly bytesPerAliveByte: number;
};

/**
 * The larger run is expected to have been made with nothing of the smaller one's memory at hand. `broughtBytes` is what it brought in
 * beside its values: gradients as outputs, and weights that are mapped.
 */
export function calibrate(small: MeasuredRun, large: MeasuredRun, broughtBytes: number): Calibration {
  const grown = large.bytesAfter - large.bytesBefore - broughtBytes;
  const bytesPerAliveByte = Math.max(1, grown / large.cost.peakBytes);
  const bytesFixed = Math.max(0, large.bytesAfter - bytesPerAliveByte * large.cost.peakBytes);
  const slope = (large.ms - small.ms) / (large.cost.productFlops - small.cost.productFlops);
  const msFixed = large.ms - slope * large.cost.productFlops;
  // A line that starts below nothing, or falls, was noise: then all of it is the products'.
  const isLine = slope > 0 && msFixed >= 0;
  return { bytesFixed, bytesPerAliveByte, msFixed: isLine ? msFixed : 0, msPerFlop: isLine ? slope : large.ms / large.cost.productFlops };
}

export function predictMs({ msFixed, msPerFlop }: Calibration, cost: GraphCost): number {
  return msFixed + msPerFlop * cost.productFlops;
}

export type TrainingMemory = {
  readonly train: GraphCost;
  /** Alive in runs of other graphs, which is kept for their next run. */
  readonly besideBytes: number;
  /** Of what is trained. */
  readonly parameterBytes: number;
  readonly runsAStep: number;
};

/** Beside a run's memory: the trained numbers once more with two moments, and sums where several runs make a step. */
export function predictBytes(
  { bytesFixed, bytesPerAliveByte }: Calibration,
  { train, besideBytes, parameterBytes, runsAStep }: TrainingMemory,
): number {
  return bytesFixed + bytesPerAliveByte * (train.peakBytes + besideBytes) + (runsAStep > 1 ? 4 : 3) * parameterBytes;
}
