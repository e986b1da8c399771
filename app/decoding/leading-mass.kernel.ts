/** Sums of probabilities from the most likely token on: the inner loops of a draw. */

export type RankedLogits = {
  /** Descending. */
  readonly values: Float32Array;
  /** How many of the values take part. */
  readonly count: number;
  readonly temperature: number;
  /** log Σ exp of all logits of the vocabulary divided by the temperature. */
  readonly logSumExpScaled: number;
};

/** The smallest leading set whose mass reaches `least`; all that take part, with their mass, where they do not. */
export function leadingMass(
  { values, count, temperature, logSumExpScaled }: RankedLogits,
  least: number,
): { readonly count: number; readonly mass: number } {
  let mass = 0;
  for (let rank = 0; rank < count; rank++) {
    mass += Math.exp(values[rank] / temperature - logSumExpScaled);
    if (mass >= least) return { count: rank + 1, mass };
  }
  return { count, mass };
}

/** The first rank whose mass, with all before it, exceeds `target`; -1 where none does. */
export function rankBeyond({ values, count, temperature, logSumExpScaled }: RankedLogits, target: number): number {
  let mass = 0;
  for (let rank = 0; rank < count; rank++) {
    mass += Math.exp(values[rank] / temperature - logSumExpScaled);
    if (mass > target) return rank;
  }
  return -1;
}
