/** Circles in the verdicts on the answers to one prompt, counted: three answers of which each beats the next. */

export type CircleCounts = {
  /** Triples of answers whose three comparisons are decided, and those of them that run in a circle. */
  readonly triples: number;
  readonly circular: number;
  /** A circle with a fourth answer that is decided against all three; and those that neither beat nor lose to all three. */
  readonly fourths: number;
  readonly drawnIn: number;
};

/**
 * `shares` is [size, size] by rows: the share of verdicts by which the row's answer is preferred to the column's, NaN
 * where nobody has compared them. A share of one half is undecided.
 */
export function countCircles(shares: Float64Array, size: number): CircleCounts {
  let [triples, circular, fourths, drawnIn] = [0, 0, 0, 0];
  // 1: the row beats the column; -1: it loses; 0: undecided.
  const sign = Int8Array.from(shares, (share) => (share > 0.5 ? 1 : share < 0.5 ? -1 : 0));
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const ij = sign[i * size + j];
      if (ij === 0) continue;
      for (let k = j + 1; k < size; k++) {
        const [jk, ki] = [sign[j * size + k], sign[k * size + i]];
        if (jk === 0 || ki === 0) continue;
        triples += 1;
        if (ij !== jk || jk !== ki) continue;
        circular += 1;
        for (let w = 0; w < size; w++) {
          const [wi, wj, wk] = [sign[w * size + i], sign[w * size + j], sign[w * size + k]];
          // An answer is undecided against itself, so the three are passed over here as well.
          if (wi === 0 || wj === 0 || wk === 0) continue;
          fourths += 1;
          if (wi !== wj || wj !== wk) drawnIn += 1;
        }
      }
    }
  }
  return { triples, circular, fourths, drawnIn };
}
