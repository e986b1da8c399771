/** What a run of the graph says of each of its pairs, as the metrics take it. */
import type { PairScores } from "#app/training/metrics.ts";
import type { TrainablePair } from "#app/training/pair-packing.ts";
import type { ReferenceLogps } from "#app/training/references.ts";
import type { PairLosses } from "./pair-runs.ts";

/** `indices`: the places of the run's pairs in `pairs` and `reference`. */
export function pairScoresOf(
  run: PairLosses,
  indices: readonly number[],
  pairs: readonly TrainablePair[],
  reference: ReferenceLogps | undefined,
): readonly PairScores[] {
  return indices.map((index, i) => {
    const [chosenLogp, rejectedLogp] = [run.chosenLogps[i] ?? Number.NaN, run.rejectedLogps[i] ?? Number.NaN];
    return {
      loss: run.losses[i] ?? Number.NaN,
      chosenLogp,
      rejectedLogp,
      logRatios: logRatiosTo(reference, index, chosenLogp, rejectedLogp),
      chosenLength: pairs[index]?.chosenIds.length ?? 0,
      rejectedLength: pairs[index]?.rejectedIds.length ?? 0,
    };
  });
}

/** log π − log reference of both responses, in nats; null for a loss without a reference. */
export function logRatiosTo(reference: ReferenceLogps | undefined, index: number, chosenLogp: number, rejectedLogp: number): PairScores["logRatios"] {
  if (reference === undefined) return null;
  return { chosen: chosenLogp - (reference.chosen[index] ?? Number.NaN), rejected: rejectedLogp - (reference.rejected[index] ?? Number.NaN) };
}
