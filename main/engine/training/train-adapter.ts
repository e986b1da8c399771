/** The training loop: reference log-probabilities once, then steps of accumulated gradients, clipping and AdamW. */
import { CancelledError, TrainingError } from "#app/base/errors.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import { microBatches, stepBatches } from "#app/training/data-order.ts";
import { type MACHINE_METRICS, type PairScores, stepMetrics } from "#app/training/metrics.ts";
import { mismatchedPairs } from "#app/training/mismatched-pairs.ts";
import { packedLength, type TrainablePair } from "#app/training/pair-packing.ts";
import { effectiveReference, type ReferenceLogps } from "#app/training/references.ts";
import { learningRateAt } from "#app/training/schedule.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import { heldBytes } from "#main/engine/runtime/process-memory.ts";
import { placeFactors, type ResidentFactors } from "#main/engine/runtime/resident-factors.ts";
import { prepareHeldOut } from "./held-out.ts";
import { createDeviceOptimiser } from "./device-optimiser.ts";
import { createHostOptimiser, type Optimiser } from "./optimiser.ts";
import type { LoadedRunner, PairRunner } from "./pair-runs.ts";
import { logRatiosTo, pairScoresOf } from "./pair-scores.ts";
import { mismatchedLogRatioOf, type ReferenceHooks, type ReferenceInputs, scoreReferences } from "./references.ts";
import { startState, type TrainingState } from "./training-state.ts";

/** The policy that is trained is the reference at step 0; more than this, in nats, and something is wrong. */
const MAX_START_LOG_RATIO = 1e-6;
/** PyTorch's guard against division by zero when clipping. */
const CLIP_EPSILON = 1e-6;

export type TrainingHooks = ReferenceHooks & {
  stepDone(step: number, metrics: Readonly<Record<string, number>>): void;
  /** The state is durable when this resolves. */
  save(state: TrainingState): Promise<void>;
};

export type TrainingInputs = {
  /** Its policy carries the adapter of the round, which is the start, and the reference of most losses. */
  readonly runner: LoadedRunner;
  /** The experiment's first policy, for losses that measure against it; the round's policy if there is none. */
  readonly firstRunner?: LoadedRunner;
  readonly pairs: readonly TrainablePair[];
  /** Never trained on: measured at each checkpoint and at the end. */
  readonly heldOutPairs?: readonly TrainablePair[];
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Where an earlier run stopped. */
  readonly resumed: TrainingState | undefined;
};

export function stepCountOf(pairCount: number, settings: Pick<TrainingSettings, "batchSize" | "epochs">): number {
  return Math.ceil(pairCount / settings.batchSize) * settings.epochs;
}

/** Throws CancelledError after saving the last whole step, TrainingError where the numbers cannot be right. */
export async function trainAdapter(inputs: TrainingInputs, hooks: TrainingHooks): Promise<TrainingState> {
  const memory = inputs.runner.sessions.openMemory();
  try {
    return await trainIn(memory, inputs, hooks);
  } finally {
    await memory?.release();
  }
}

async function trainIn(memory: DeviceMemory | undefined, inputs: TrainingInputs, hooks: TrainingHooks): Promise<TrainingState> {
  const { runner, pairs, settings, seed } = inputs;
  const lengths = pairs.map(packedLength);
  const batches = stepBatches(pairs.length, settings.batchSize, settings.epochs, seed);
  const groups = (batch: readonly number[]) => microBatches(batch, lengths, settings.microBatchSize);
  const firstEpoch = batches.slice(0, Math.ceil(pairs.length / settings.batchSize)).flatMap(groups);
  const { loss } = settings;
  const frozen = await frozenRunners(memory, inputs);
  const state =
    inputs.resumed ?? startState(runner.policy.factors, await scoreReferences({ ...frozen.runners, pairs, loss, groups: firstEpoch }, hooks));
  const reference = effectiveReference(state.references, loss);
  const mismatchedReference = state.references.mismatched;
  const mismatched = mismatchedReference === undefined ? undefined : { pairs: mismatchedPairs(pairs), reference: mismatchedReference };
  const heldOutPairs = inputs.heldOutPairs ?? [];
  const heldOut = heldOutPairs.length === 0 ? undefined : await prepareHeldOut({ ...frozen.runners, settings, pairs: heldOutPairs }, hooks);
  // What scoring worked in is given back before gradients need more.
  frozen.release();
  await runner.sessions.release();
  const optimiser =
    memory === undefined ? createHostOptimiser(runner, settings, state) : await createDeviceOptimiser(memory, runner, settings, state);
  let savedStep = state.step;
  const save = async (): Promise<void> => {
    if (savedStep === state.step) return;
    await hooks.save({ ...state, ...(await optimiser.numbers()) });
    savedStep = state.step;
  };
  const tokensOf = (batch: readonly number[]): number => batch.reduce((sum, index) => sum + (lengths[index] ?? 0), 0);
  let tokensSeen = batches.slice(0, state.step).reduce((sum, batch) => sum + tokensOf(batch), 0);
  for (const batch of batches.slice(state.step)) {
    const startedAtMs = performance.now();
    // There and back: a step begins with the lengths that the last one ended with, whose runtime sessions are still open.
    const runs = state.step % 2 === 0 ? groups(batch) : groups(batch).toReversed();
    const step = await gradientsOfBatch({ ...inputs, reference, mismatched, optimiser }, state, runs, 1 / batch.length, hooks).catch(
      async (thrown: unknown) => {
        if (thrown instanceof CancelledError) await save();
        throw thrown;
      },
    );
    const gradNorm = await optimiser.norm();
    const learningRate = learningRateAt(state.step, batches.length, settings);
    await optimiser.update(state.step + 1, clippingScale(state.step + 1, gradNorm, settings), learningRate);
    state.step += 1;
    tokensSeen += tokensOf(batch);
    const epoch = (state.step * settings.epochs) / batches.length;
    const readings = readingsOf(tokensOf(batch), performance.now() - startedAtMs);
    const isCheckpoint = state.step % settings.checkpointEverySteps === 0;
    hooks.stepDone(state.step, {
      ...stepMetrics({ ...step, loss, sftWeight: settings.sftWeight, gradNorm, learningRate, epoch, tokensSeen }),
      ...(isCheckpoint || state.step === batches.length ? await heldOut?.measure(optimiser.factors) : {}),
      ...readings,
    });
    if (isCheckpoint && state.step < batches.length) await save();
  }
  return { ...state, ...(await optimiser.numbers()) };
}

type FrozenRunners = Pick<ReferenceInputs, "runner" | "firstRunner">;

/** The policies that are measured against, on the device where it keeps tensors. */
async function frozenRunners(
  memory: DeviceMemory | undefined,
  { runner, firstRunner }: TrainingInputs,
): Promise<{ readonly runners: FrozenRunners; release(): void }> {
  if (memory === undefined) return { runners: { runner, firstRunner }, release: () => undefined };
  const placed: ResidentFactors[] = [];
  const onDevice = async (some: LoadedRunner): Promise<PairRunner> => {
    const factors = await placeFactors(memory, some.policy);
    placed.push(factors);
    return { ...some, policy: { ...some.policy, factors } };
  };
  const runners = { runner: await onDevice(runner), firstRunner: firstRunner === undefined ? undefined : await onDevice(firstRunner) };
  return {
    runners,
    release: () => {
      for (const factors of placed) for (const tensor of factors.values()) tensor.release();
    },
  };
}

type BatchInputs = TrainingInputs & {
  readonly reference: ReferenceLogps | undefined;
  readonly mismatched: Parameters<typeof mismatchedLogRatioOf>[2] | undefined;
  readonly optimiser: Optimiser;
};

type BatchScores = {
  readonly pairs: readonly PairScores[];
  readonly mismatchedLogRatio: number | null;
};

async function gradientsOfBatch(
  inputs: BatchInputs,
  state: TrainingState,
  groups: readonly (readonly number[])[],
  weight: number,
  hooks: TrainingHooks,
): Promise<BatchScores> {
  const { runner, pairs, reference, mismatched, optimiser } = inputs;
  const mismatchedLogRatio = mismatched === undefined ? null : await mismatchedLogRatioOf(runner, optimiser.factors, mismatched, groups, hooks);
  const scores: PairScores[] = [];
  for (const indices of groups) {
    await hooks.breathe();
    if (hooks.isCancelled()) throw new CancelledError();
    const batch = { pairs: pick(pairs, indices), indices, weight, ...(mismatchedLogRatio === null ? {} : { mismatchedLogRatio }) };
    scores.push(...pairScoresOf(await optimiser.differentiate(batch, reference), indices, pairs, reference));
  }
  const { roundPolicy } = state.references;
  if (state.step === 0 && roundPolicy !== undefined) requireReferenceIsPolicy(scores, groups.flat(), roundPolicy);
  return { pairs: scores, mismatchedLogRatio };
}

/** Before the first step the log-ratios to the round's policy are 0 and the sigmoid term of the loss is ln 2. */
function requireReferenceIsPolicy(scores: readonly PairScores[], indices: readonly number[], roundPolicy: ReferenceLogps): void {
  for (const [i, { chosenLogp, rejectedLogp }] of scores.entries()) {
    const ratios = logRatiosTo(roundPolicy, indices[i] ?? -1, chosenLogp, rejectedLogp);
    const gap = Math.max(Math.abs(ratios?.chosen ?? Number.NaN), Math.abs(ratios?.rejected ?? Number.NaN));
    // Also true of a gap that is no number.
    if (!(gap <= MAX_START_LOG_RATIO)) {
      throw new TrainingError(
        `expected the policy of the round as the reference at step 0 (log-ratio at most ${MAX_START_LOG_RATIO}), got a log-ratio of ${gap}`,
      );
    }
  }
}

/** What the gradients of a step are multiplied by. Throws TrainingError where their norm is no number. */
function clippingScale(step: number, gradNorm: number, { maxGradNorm }: TrainingSettings): number {
  if (!Number.isFinite(gradNorm)) throw new TrainingError(`step ${step}: expected gradients that are numbers, got a norm of ${gradNorm}`);
  return maxGradNorm === 0 ? 1 : Math.min(1, maxGradNorm / (gradNorm + CLIP_EPSILON));
}

/** What the machine did, not what the numbers say: another run of the same step reads otherwise (app/training/metrics.ts, MACHINE_METRICS). */
function readingsOf(tokens: number, milliseconds: number): Readonly<Record<(typeof MACHINE_METRICS)[number], number>> {
  return { tokens_per_second: (1000 * tokens) / Math.max(1, milliseconds), memory_bytes: heldBytes() };
}

function pick(pairs: readonly TrainablePair[], indices: readonly number[]): readonly TrainablePair[] {
  return indices.flatMap((index) => pairs[index] ?? []);
}
