/** Runs of the pair graphs: a micro-batch of pairs in, log-probabilities or gradients out. */
import { TrainingError } from "#app/base/errors.ts";
import { maskFeeds, ropeFeeds } from "#app/models/position-inputs.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { sumName } from "#app/training/adamw-graph.ts";
import type { Bucket } from "#app/training/buckets.ts";
import { columnsOf, type PairObjective } from "#app/training/losses.ts";
import type { LossColumn } from "#app/training/losses/loss-row.ts";
import {
  buildPairLossGraph,
  buildPairScoringGraph,
  buildPairTrainingGraph,
  type GradientMode,
  gradientName,
  type GradientUse,
  KEPT_SUM,
  PAIR_OUTPUTS,
} from "#app/training/pair-graph.ts";
import { bucketOf, packPairs, type TokenPair, type TrainablePair } from "#app/training/pair-packing.ts";
import type { ReferenceLogps } from "#app/training/references.ts";
import type { FedFactors, FedPolicy, PolicyModel } from "#main/engine/runtime/policy-model.ts";
import type { ResidentFactors } from "#main/engine/runtime/resident-factors.ts";
import type { ResidentTensor } from "#main/engine/runtime/resident-tensor.ts";
import { type Fed, floatsOf, type Numbers, type RuntimeSession } from "#main/engine/runtime/runtime-session.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";

/** Each pair's sums over response tokens, in nats, and for scoring each token's. */
export type PairLogps = {
  readonly chosen: number;
  readonly rejected: number;
  readonly chosenTokens: readonly number[];
  readonly rejectedTokens: readonly number[];
};

export type PairRunner = {
  readonly policy: FedPolicy;
  readonly sessions: SessionCache;
  /** Rows of a run; fewer pairs leave rows empty. */
  readonly batch: number;
};

/** As it is loaded: its policy's factors are in memory. */
export type LoadedRunner = Omit<PairRunner, "policy"> & { readonly policy: PolicyModel };

function bucketKey(runner: PairRunner, kind: string, bucket: Bucket): string {
  return `${runner.policy.key}/${kind}/${runner.batch}/${bucket.length}/${bucket.rows}`;
}

function packedFeeds(runner: PairRunner, pairs: readonly TokenPair[], bucket: Bucket): Map<string, Numbers> {
  const { ids, positions, mask, rows, targets, sides } = packPairs(pairs, runner.batch, bucket);
  return new Map<string, Numbers>([
    ...Object.entries({ ids, rows, targets, sides }),
    ...ropeFeeds(runner.policy.frequencies, positions),
    ...maskFeeds(runner.policy.model.config, mask, runner.batch, { queries: positions, keys: positions }),
  ]);
}

/** Log-probabilities under the runner's policy. */
export async function scorePairs(runner: PairRunner, pairs: readonly TokenPair[]): Promise<readonly PairLogps[]> {
  const bucket = bucketOf(pairs, runner.batch);
  const session = await runner.sessions.get(bucketKey(runner, "score", bucket), () =>
    buildPairScoringGraph(runner.policy.model, runner.batch, bucket),
  );
  const feeds = packedFeeds(runner, pairs, bucket);
  const results = await session.run(new Map([...runner.policy.factors, ...feeds]), [PAIR_OUTPUTS.tokenLogps, PAIR_OUTPUTS.responseLogps]);
  const [tokens, sums] = [floatsOf(results, PAIR_OUTPUTS.tokenLogps), floatsOf(results, PAIR_OUTPUTS.responseLogps)];
  let start = 0;
  const take = (count: number): number[] => [...tokens.subarray(start, (start += count))];
  return pairs.map((pair, i) => ({
    chosen: sums[i] ?? Number.NaN,
    rejected: sums[runner.batch + i] ?? Number.NaN,
    chosenTokens: take(pair.chosenIds.length),
    rejectedTokens: take(pair.rejectedIds.length),
  }));
}

/** Of each pair of a run. */
export type PairLosses = {
  readonly losses: readonly number[];
  readonly chosenLogps: readonly number[];
  readonly rejectedLogps: readonly number[];
};

export type PairGradients = PairLosses & { readonly gradients: ReadonlyMap<string, Float32Array> };

export type ScoredBatch = {
  readonly pairs: readonly TrainablePair[];
  /** Positions of the pairs in `reference`. */
  readonly indices: readonly number[];
  /** For the loss that needs it. */
  readonly mismatchedLogRatio?: number;
};

export type PairBatch = ScoredBatch & {
  /** Each pair's share in the batch's loss. */
  readonly weight: number;
};

/** The session that differentiates the pairs of a bucket. */
export async function trainingSession(
  runner: PairRunner,
  bucket: Bucket,
  objective: PairObjective & GradientMode,
  use: GradientUse = "returned",
): Promise<RuntimeSession> {
  const kind = ["train", ...(use === "summed" ? ["summed"] : []), ...(objective.recompute === true ? ["recompute"] : [])].join("/");
  return await runner.sessions.get(bucketKey(runner, kind, bucket), () =>
    buildPairTrainingGraph(runner.policy.model, runner.batch, bucket, objective, use),
  );
}

function trainingFeeds(
  runner: PairRunner,
  batch: PairBatch,
  reference: ReferenceLogps | undefined,
  objective: PairObjective,
): ReadonlyMap<string, Numbers> {
  const weights = columnOf(runner, batch, () => batch.weight);
  return new Map<string, Numbers>([
    ...packedFeeds(runner, batch.pairs, bucketOf(batch.pairs, runner.batch)),
    ...columnFeeds(runner, batch, reference, columnsOf(objective)),
    ["weights", weights],
  ]);
}

/** Loss and gradients of Σ weight · loss by the factors; `reference` is undefined for a loss without one. */
export async function differentiatePairs(
  runner: PairRunner,
  batch: PairBatch,
  factors: FedFactors,
  reference: ReferenceLogps | undefined,
  objective: PairObjective & GradientMode,
): Promise<PairGradients> {
  const session = await trainingSession(runner, bucketOf(batch.pairs, runner.batch), objective);
  const feeds = trainingFeeds(runner, batch, reference, objective);
  const names = [...factors.keys()];
  const results = await session.run(new Map([...factors, ...feeds]), [PAIR_OUTPUTS.responseLogps, PAIR_OUTPUTS.losses, ...names.map(gradientName)]);
  return {
    ...lossesFrom(results, runner, batch.pairs.length),
    gradients: new Map(names.map((name) => [name, floatsOf(results, gradientName(name))])),
  };
}

/** Sums of gradients that stay on the device. */
export type GradientSums = {
  readonly tensors: ResidentFactors;
  /** Whether the run begins them anew. */
  readonly isFirst: boolean;
};

/** Loss of the pairs; their gradients join the sums. */
export async function sumGradients(
  runner: PairRunner,
  batch: PairBatch,
  factors: FedFactors,
  reference: ReferenceLogps | undefined,
  objective: PairObjective & GradientMode,
  { tensors, isFirst }: GradientSums,
): Promise<PairLosses> {
  const session = await trainingSession(runner, bucketOf(batch.pairs, runner.batch), objective, "summed");
  const written = new Map<string, ResidentTensor>();
  const feeds = new Map<string, Fed>([...factors, ...trainingFeeds(runner, batch, reference, objective)]);
  feeds.set(KEPT_SUM, Float32Array.of(isFirst ? 0 : 1));
  for (const [name, sum] of tensors) {
    feeds.set(sumName(name), sum);
    written.set(gradientName(name), sum);
  }
  return lossesFrom(await session.run(feeds, [PAIR_OUTPUTS.responseLogps, PAIR_OUTPUTS.losses], written), runner, batch.pairs.length);
}

/** The loss of each pair by the factors, without an SFT term and without gradients. */
export async function lossesOfPairs(
  runner: PairRunner,
  batch: ScoredBatch,
  factors: FedFactors,
  reference: ReferenceLogps | undefined,
  loss: LossSettings,
): Promise<PairLosses> {
  const bucket = bucketOf(batch.pairs, runner.batch);
  const session = await runner.sessions.get(bucketKey(runner, "loss", bucket), () =>
    buildPairLossGraph(runner.policy.model, runner.batch, bucket, loss),
  );
  const columns = columnFeeds(runner, batch, reference, columnsOf({ loss, sftWeight: 0 }));
  const feeds = new Map([...factors, ...packedFeeds(runner, batch.pairs, bucket), ...columns]);
  return lossesFrom(await session.run(feeds, [PAIR_OUTPUTS.responseLogps, PAIR_OUTPUTS.losses]), runner, batch.pairs.length);
}

/** A number of each pair, [batch, 1]; 0 in rows without a pair. */
function columnOf(runner: PairRunner, { pairs, indices }: ScoredBatch, of: (pair: TrainablePair, index: number) => number): Float32Array {
  const numbers = new Float32Array(runner.batch);
  pairs.forEach((pair, i) => {
    numbers[i] = of(pair, indices[i] ?? -1);
  });
  return numbers;
}

function columnFeeds(
  runner: PairRunner,
  batch: ScoredBatch,
  reference: ReferenceLogps | undefined,
  names: readonly LossColumn[],
): readonly (readonly [LossColumn, Float32Array])[] {
  // What is not known is no number, and ends the run.
  const columns: { readonly [Name in LossColumn]: (pair: TrainablePair, index: number) => number } = {
    referenceChosen: (_, index) => reference?.chosen[index] ?? Number.NaN,
    referenceRejected: (_, index) => reference?.rejected[index] ?? Number.NaN,
    inverseChosenLengths: (pair) => 1 / pair.chosenIds.length,
    inverseRejectedLengths: (pair) => 1 / pair.rejectedIds.length,
    chosenWinRates: (pair) => pair.winRates?.chosen ?? Number.NaN,
    rejectedWinRates: (pair) => pair.winRates?.rejected ?? Number.NaN,
    mismatchedLogRatio: () => batch.mismatchedLogRatio ?? Number.NaN,
  };
  return names.map((name) => [name, columnOf(runner, batch, columns[name])] as const);
}

/** Throws TrainingError where a loss is no number. */
function lossesFrom(results: ReadonlyMap<string, Numbers>, runner: PairRunner, pairCount: number): PairLosses {
  const sums = floatsOf(results, PAIR_OUTPUTS.responseLogps);
  const losses = [...floatsOf(results, PAIR_OUTPUTS.losses).subarray(0, pairCount)];
  if (!losses.every(Number.isFinite)) throw new TrainingError(`expected losses that are numbers, got ${losses.join(", ")}`);
  return {
    losses,
    chosenLogps: [...sums.subarray(0, pairCount)],
    rejectedLogps: [...sums.subarray(runner.batch, runner.batch + pairCount)],
  };
}
