/** What training changes, and how a step changes it: in this process's memory, or on a device that keeps tensors. */
import { TrainingError } from "#app/base/errors.ts";
import type { TrainingSettings } from "#app/domain/training.ts";
import { type AdamWSettings, adamWStep, addInto, globalNorm } from "#app/training/adamw.kernel.ts";
import type { ReferenceLogps } from "#app/training/references.ts";
import type { FedFactors } from "#main/engine/runtime/policy-model.ts";
import { differentiatePairs, type PairBatch, type PairLosses, type PairRunner } from "./pair-runs.ts";
import type { TrainedNumbers } from "./training-state.ts";

export type Optimiser = {
  /** As runs are fed them; each update changes them. */
  readonly factors: FedFactors;
  /** Runs pairs; their gradients join the step's. `reference` is undefined for a loss without one. */
  differentiate(batch: PairBatch, reference: ReferenceLogps | undefined): Promise<PairLosses>;
  /** √Σ g² of the step's gradients. */
  norm(): Promise<number>;
  /** Ends step number `step`, counted from 1, by AdamW along its gradients times `scale`. */
  update(step: number, scale: number, learningRate: number): Promise<void>;
  /** Where everything stands after the last update. */
  numbers(): Promise<TrainedNumbers>;
};

/** Changes the numbers it is given. */
export function createHostOptimiser(
  runner: PairRunner,
  settings: TrainingSettings,
  { factors, firstMoments, secondMoments }: TrainedNumbers,
): Optimiser {
  const gradients = new Map<string, Float32Array>();
  return {
    factors,
    differentiate: async (batch, reference) => {
      const run = await differentiatePairs(runner, batch, factors, reference, settings);
      // The first run's own arrays: of all weights, another set of zeros would cost as much as the weights.
      for (const [name, gradient] of run.gradients) {
        const sum = gradients.get(name);
        if (sum === undefined) gradients.set(name, gradient);
        else addInto(sum, gradient);
      }
      return run;
    },
    norm: () => Promise.resolve(globalNorm(gradients.values())),
    update: (step, scale, learningRate) => {
      const adamW = adamWSettings(settings, learningRate);
      for (const [name, parameters] of factors) {
        const [gradient, first, second] = [gradients.get(name), firstMoments.get(name), secondMoments.get(name)];
        if (gradient === undefined || first === undefined || second === undefined)
          throw new TrainingError(`expected a gradient and moments for ${name}, got none`);
        adamWStep(parameters, gradient, first, second, step, scale, adamW);
      }
      gradients.clear();
      return Promise.resolve();
    },
    numbers: () => Promise.resolve({ factors, firstMoments, secondMoments }),
  };
}

export function adamWSettings(settings: TrainingSettings, learningRate: number): AdamWSettings {
  return {
    learningRate,
    beta1: settings.adamBeta1,
    beta2: settings.adamBeta2,
    epsilon: settings.adamEpsilon,
    weightDecay: settings.weightDecay,
  };
}
