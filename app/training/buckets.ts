/** The few sizes that graphs come in: each costs a runtime session, so lengths are rounded up. */

/** Positions and scored rows of a graph. */
export type Bucket = { readonly length: number; readonly rows: number };

/** Up to 64 the next multiple of 16, to 256 of 64, to 1024 of 128, then of 512. */
export function bucketLength(length: number): number {
  const step = length <= 64 ? 16 : length <= 256 ? 64 : length <= 1024 ? 128 : 512;
  return Math.max(16, Math.ceil(length / step) * step);
}

/** Scored rows come in quarters of all positions: scoring rows that hold nothing costs the output head. */
export function bucketRows(rows: number, positions: number): number {
  const quarter = Math.ceil(positions / 4);
  return Math.min(positions, Math.max(1, Math.ceil(rows / quarter)) * quarter);
}
