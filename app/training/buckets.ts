/** The few sizes that graphs come in: each costs a runtime session, so lengths are rounded up. */

/** Positions and scored rows of a graph. */
export type Bucket = { readonly length: number; readonly rows: number };

/** Of packed pairs: up to 64 the next multiple of 16, to 256 of 32, to 1024 of 64, then of 256. */
export function pairLength(length: number): number {
  return roundedUp(length, length <= 64 ? 16 : length <= 256 ? 32 : length <= 1024 ? 64 : 256);
}

/** Of a prompt whose answers are sampled, half as many: each size's session in 8 bits holds a packed copy of the weights. */
export function promptLength(length: number): number {
  return roundedUp(length, length <= 64 ? 16 : length <= 256 ? 64 : length <= 1024 ? 128 : 512);
}

function roundedUp(length: number, step: number): number {
  return Math.max(step, Math.ceil(length / step) * step);
}

/** Scored rows come in quarters of all positions: scoring rows that hold nothing costs the output head. */
export function bucketRows(rows: number, positions: number): number {
  const quarter = Math.ceil(positions / 4);
  return Math.min(positions, Math.max(1, Math.ceil(rows / quarter)) * quarter);
}
