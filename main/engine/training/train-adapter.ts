/** The training loop: reference log-probabilities once, then steps of accumulated gradients, clipping and AdamW. */
import { CancelledError, TrainingError } from "#app/base/errors.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import { addInto, adamWStep, globalNorm } from "#app/training/adamw.kernel.ts";
import { microBatches, stepBatches } from "#app/training/data-order.ts";
import { type PairScores, stepMetrics } from "#app/training/metrics.ts";
import { packedLength, type TokenPair } from "#app/training/pair-packing.ts";
import { learningRateAt } from "#app/training/schedule.ts";
import { differentiatePairs, type PairRunner, scorePairs } from "./pair-runs.ts";
import { type ReferenceLogps, startState, type TrainingState } from "./training-state.ts";

/** The policy that is trained is the reference at step 0; more than this, in nats, and something is wrong. */
const MAX_START_LOG_RATIO = 1e-6;
/** PyTorch's guard against division by zero when clipping. */
const CLIP_EPSILON = 1e-6;

export type TrainingHooks = {
  referenceScored(done: number, total: number): void;
  stepDone(step: number, metrics: Readonly<Record<string, number>>): void;
  /** The state is durable when this resolves. */
  save(state: TrainingState): Promise<void>;
  readonly isCancelled: () => boolean;
  /** Called between two runs. Lets messages in, so that a cancel arrives. */
  breathe(): Promise<void>;
};

export type TrainingInputs = {
  /** Its policy carries the adapter of the round, which is start and reference. */
  readonly runner: PairRunner;
  readonly pairs: readonly TokenPair[];
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
  const { runner, pairs, settings, seed } = inputs;
  const lengths = pairs.map(packedLength);
  const batches = stepBatches(pairs.length, settings.batchSize, settings.epochs, seed);
  const groups = (batch: readonly number[]) => microBatches(batch, lengths, settings.microBatchSize);
  const firstEpoch = batches.slice(0, Math.ceil(pairs.length / settings.batchSize)).flatMap(groups);
  const state = inputs.resumed ?? startState(runner.policy.factors, await scoreReference(inputs, firstEpoch, hooks));
  let savedStep = state.step;
  const save = async (): Promise<void> => {
    if (savedStep === state.step) return;
    await hooks.save(state);
    savedStep = state.step;
  };
  for (const batch of batches.slice(state.step)) {
    const step = await gradientsOfBatch(inputs, state, groups(batch), 1 / batch.length, hooks).catch(async (thrown: unknown) => {
      if (thrown instanceof CancelledError) await save();
      throw thrown;
    });
    const gradNorm = globalNorm(step.gradients.values());
    const learningRate = learningRateAt(state.step, batches.length, settings);
    update(state, step.gradients, gradNorm, learningRate, settings);
    hooks.stepDone(
      state.step,
      stepMetrics({ pairs: step.scores, beta: settings.beta, sftWeight: settings.sftWeight, gradNorm, learningRate, epoch: (state.step * settings.epochs) / batches.length }),
    );
    if (state.step % settings.checkpointEverySteps === 0 && state.step < batches.length) await save();
  }
  return state;
}

async function scoreReference(inputs: TrainingInputs, groups: readonly (readonly number[])[], hooks: TrainingHooks): Promise<ReferenceLogps> {
  const { runner, pairs } = inputs;
  const reference = { chosen: new Float32Array(pairs.length), rejected: new Float32Array(pairs.length) };
  let done = 0;
  for (const indices of groups) {
    await hooks.breathe();
    if (hooks.isCancelled()) throw new CancelledError();
    const scored = await scorePairs(runner, pick(pairs, indices));
    indices.forEach((index, i) => {
      reference.chosen[index] = scored[i]?.chosen ?? Number.NaN;
      reference.rejected[index] = scored[i]?.rejected ?? Number.NaN;
    });
    done += indices.length;
    hooks.referenceScored(done, pairs.length);
  }
  return reference;
}

type BatchGradients = { readonly gradients: ReadonlyMap<string, Float32Array>; readonly scores: readonly PairScores[] };

async function gradientsOfBatch(inputs: TrainingInputs, state: TrainingState, groups: readonly (readonly number[])[], weight: number, hooks: TrainingHooks): Promise<BatchGradients> {
  const { runner, pairs, settings } = inputs;
  const gradients = new Map([...state.factors].map(([name, numbers]) => [name, new Float32Array(numbers.length)]));
  const scores: PairScores[] = [];
  for (const indices of groups) {
    await hooks.breathe();
    if (hooks.isCancelled()) throw new CancelledError();
    const batch = { pairs: pick(pairs, indices), indices, weight };
    const run = await differentiatePairs(runner, batch, state.factors, state.reference, settings);
    for (const [name, gradient] of run.gradients) {
      const sum = gradients.get(name);
      if (sum !== undefined) addInto(sum, gradient);
    }
    indices.forEach((index, i) => {
      scores.push({
        loss: run.losses[i] ?? Number.NaN,
        chosenLogp: run.chosenLogps[i] ?? Number.NaN,
        rejectedLogp: run.rejectedLogps[i] ?? Number.NaN,
        referenceChosen: state.reference.chosen[index] ?? Number.NaN,
        referenceRejected: state.reference.rejected[index] ?? Number.NaN,
        chosenLength: pairs[index]?.chosenIds.length ?? 0,
      });
    });
  }
  if (state.step === 0) requireReferenceIsPolicy(scores);
  return { gradients, scores };
}

/** Before the first step the log-ratios are 0 and the sigmoid term of the loss is ln 2. */
function requireReferenceIsPolicy(scores: readonly PairScores[]): void {
  for (const { chosenLogp, rejectedLogp, referenceChosen, referenceRejected } of scores) {
    const gap = Math.max(Math.abs(chosenLogp - referenceChosen), Math.abs(rejectedLogp - referenceRejected));
    // Also true of a gap that is no number.
    if (!(gap <= MAX_START_LOG_RATIO)) {
      throw new TrainingError(`expected the policy of the round as the reference at step 0 (log-ratio at most ${MAX_START_LOG_RATIO}), got a log-ratio of ${gap}`);
    }
  }
}

function update(state: TrainingState, gradients: ReadonlyMap<string, Float32Array>, gradNorm: number, learningRate: number, settings: TrainingSettings): void {
  if (!Number.isFinite(gradNorm)) throw new TrainingError(`step ${state.step + 1}: expected gradients that are numbers, got a norm of ${gradNorm}`);
  const scale = settings.maxGradNorm === 0 ? 1 : Math.min(1, settings.maxGradNorm / (gradNorm + CLIP_EPSILON));
  const adamW = { learningRate, beta1: settings.adamBeta1, beta2: settings.adamBeta2, epsilon: settings.adamEpsilon, weightDecay: settings.weightDecay };
  state.step += 1;
  for (const [name, parameters] of state.factors) {
    const [gradient, first, second] = [gradients.get(name), state.firstMoments.get(name), state.secondMoments.get(name)];
    if (gradient === undefined || first === undefined || second === undefined) throw new TrainingError(`expected a gradient and moments for ${name}, got none`);
    adamWStep(parameters, gradient, first, second, state.step, scale, adamW);
  }
}

function pick(pairs: readonly TokenPair[], indices: readonly number[]): readonly TokenPair[] {
  return indices.flatMap((index) => pairs[index] ?? []);
}
