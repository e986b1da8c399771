/** Which pairs each step trains on, and how they share runs of the graph. */
import { rngFor, shuffled } from "#app/base/random.ts";

/** Steps over all epochs; each epoch in an order of its own, the last batch of an epoch may be smaller. */
export function stepBatches(pairCount: number, batchSize: number, epochs: number, seed: number): readonly (readonly number[])[] {
  const indices = Array.from({ length: pairCount }, (_, i) => i);
  return Array.from({ length: epochs }, (_, epoch) => {
    const order = shuffled(indices, rngFor(seed, "epoch", epoch));
    return Array.from({ length: Math.ceil(pairCount / batchSize) }, (__, batch) => order.slice(batch * batchSize, (batch + 1) * batchSize));
  }).flat();
}

/** Groups of similar length, so that little is padded; the longest group comes first and fails first if memory is short. */
export function microBatches(batch: readonly number[], lengths: readonly number[], size: number): readonly (readonly number[])[] {
  const lengthOf = (index: number): number => lengths[index] ?? 0;
  const byLength = [...batch].sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  return Array.from({ length: Math.ceil(byLength.length / size) }, (_, i) => byLength.slice(i * size, (i + 1) * size));
}
