/** Who sees whom in a packed row. */

/** Large enough that exp gives 0, small enough that sums stay finite. */
const HIDDEN = -1e9;

/** Fills row `row` of a mask [batch, length, length]: causal, and what follows the chosen response does not see it. */
export function fillMask(mask: Float32Array, row: number, length: number, promptLength: number, chosenLength: number): void {
  const chosenEnd = promptLength + chosenLength;
  for (let query = 0; query < length; query++) {
    const line = (row * length + query) * length;
    for (let key = 0; key < length; key++) {
      const isOtherResponse = query >= chosenEnd && key >= promptLength && key < chosenEnd;
      mask[line + key] = key > query || isOtherResponse ? HIDDEN : 0;
    }
  }
}
