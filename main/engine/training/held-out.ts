/** Measures the policy on pairs that it is never trained on: their loss and their order, as a step's own are measured. */
import { HELD_OUT_PREFIX } from "#app/training/held-out.ts";
import { mismatchedPairs } from "#app/training/mismatched-pairs.ts";
import { microBatches } from "#app/training/data-order.ts";
import { pairMetrics, type PairScores } from "#app/training/metrics.ts";
import { packedLength, type TrainablePair } from "#app/training/pair-packing.ts";
import { effectiveReference } from "#app/training/references.ts";
import type { FedFactors } from "#main/engine/runtime/policy-model.ts";
import { lossesOfPairs } from "./pair-runs.ts";
import { pairScoresOf } from "./pair-scores.ts";
import { mismatchedLogRatioOf, type ReferenceHooks, type ReferenceInputs, scoreReferences } from "./references.ts";
import type { TrainingInputs } from "./train-adapter.ts";

export type HeldOut = {
  /** By their names with HELD_OUT_PREFIX. Takes a forward pass of every pair; a cancel waits for it. */
  measure(factors: FedFactors): Promise<Readonly<Record<string, number>>>;
};

type HeldOutInputs = Pick<TrainingInputs, "settings"> & Omit<ReferenceInputs, "loss" | "groups"> & { readonly pairs: readonly TrainablePair[] };

/** Scores the pairs under the frozen policies, which are the same however often a run is gone on with. Throws CancelledError. */
export async function prepareHeldOut(inputs: HeldOutInputs, hooks: ReferenceHooks): Promise<HeldOut> {
  const { runner, pairs, settings } = inputs;
  const { loss, sftWeight } = settings;
  const everyPair = pairs.map((_, index) => index);
  const groups = microBatches(everyPair, pairs.map(packedLength), settings.microBatchSize);
  // What is counted and shown as reference scoring is that of the pairs that are trained on.
  const references = await scoreReferences(
    { runner, firstRunner: inputs.firstRunner, pairs, loss, groups },
    { ...hooks, referenceScored: () => undefined },
  );
  const reference = effectiveReference(references, loss);
  const mismatched = references.mismatched === undefined ? undefined : { pairs: mismatchedPairs(pairs), reference: references.mismatched };
  const whole = { breathe: hooks.breathe, isCancelled: () => false };
  return {
    measure: async (factors) => {
      const mismatchedLogRatio = mismatched === undefined ? null : await mismatchedLogRatioOf(runner, factors, mismatched, groups, whole);
      const scores: PairScores[] = [];
      for (const indices of groups) {
        await hooks.breathe();
        const batch = {
          pairs: indices.flatMap((index) => pairs[index] ?? []),
          indices,
          ...(mismatchedLogRatio === null ? {} : { mismatchedLogRatio }),
        };
        scores.push(...pairScoresOf(await lossesOfPairs(runner, batch, factors, reference, loss), indices, pairs, reference));
      }
      const measured = pairMetrics({ pairs: scores, loss, sftWeight });
      return Object.fromEntries(Object.entries(measured).map(([name, value]) => [HELD_OUT_PREFIX + name, value]));
    },
  };
}
