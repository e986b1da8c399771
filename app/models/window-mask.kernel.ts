/** Masks of layers that see the last few positions only. */

/** Large enough that exp gives 0, small enough that sums stay finite. */
const HIDDEN = -1e9;

/**
 * A mask [rows, queries, keys] that also hides keys `window` positions or more before their query. Positions are
 * [rows · queries] and [rows · keys].
 */
export function narrowMask(
  mask: Float32Array,
  rows: number,
  queryPositions: ArrayLike<number>,
  keyPositions: ArrayLike<number>,
  window: number,
): Float32Array {
  const queries = queryPositions.length / rows;
  const keys = keyPositions.length / rows;
  const narrow = mask.slice();
  for (let row = 0; row < rows; row++) {
    for (let query = 0; query < queries; query++) {
      const line = (row * queries + query) * keys;
      const first = queryPositions[row * queries + query] - window;
      for (let key = 0; key < keys; key++) if (keyPositions[row * keys + key] <= first) narrow[line + key] = HIDDEN;
    }
  }
  return narrow;
}
