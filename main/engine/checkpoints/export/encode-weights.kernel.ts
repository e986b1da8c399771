/** Turns float32 weights into the formats that exports are written in, rounding as PyTorch and ggml round. */

/** Writes `weights`, a whole number of blocks, to the start of `out`. */
export type BlockEncoder = (weights: Float32Array, out: Uint8Array) => void;

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The bits of the nearest half float, ties to even; what is too large becomes an infinity. */
export function halfBits(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const rest = bits & 0x7fffffff;
  if (rest > 0x7f800000) return sign | 0x7e00;
  if (rest >= 0x477ff000) return sign | 0x7c00;
  if (rest < 0x38800000) {
    // Subnormal halves are multiples of 2⁻²⁴; adding 0.5 leaves their rounded count in the lowest bits.
    scratch[0] = Math.abs(value) + 0.5;
    return sign | (scratchBits[0] - 0x3f000000);
  }
  const rounded = rest + 0xfff + ((rest >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function encodeF32(weights: Float32Array, out: Uint8Array): void {
  out.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
}

export function encodeF16(weights: Float32Array, out: Uint8Array): void {
  for (let i = 0, at = 0; i < weights.length; i++, at += 2) {
    const bits = halfBits(weights[i]);
    out[at] = bits & 255;
    out[at + 1] = bits >> 8;
  }
}

/** The upper half of the float32, rounded to the nearest, ties to even. */
export function encodeBf16(weights: Float32Array, out: Uint8Array): void {
  const words = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  for (let i = 0, at = 0; i < words.length; i++, at += 2) {
    const word = words[i];
    const isNan = (word & 0x7fffffff) > 0x7f800000;
    const bits = isNan ? (word >>> 16) | 64 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
    out[at] = bits & 255;
    out[at + 1] = (bits >> 8) & 255;
  }
}

/** Blocks of 32: a half float scale of the largest magnitude over 127, then 32 signed bytes; halves round away from zero. */
export function encodeQ80(weights: Float32Array, out: Uint8Array): void {
  for (let start = 0, at = 0; start < weights.length; start += 32, at += 34) {
    let largest = 0;
    for (let j = 0; j < 32; j++) largest = Math.max(largest, Math.abs(weights[start + j]));
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const bits = halfBits(scale);
    out[at] = bits & 255;
    out[at + 1] = bits >> 8;
    for (let j = 0; j < 32; j++) {
      const scaled = Math.fround(weights[start + j] * inverse);
      const magnitude = Math.floor(Math.abs(scaled));
      // As roundf does: 0.49999997 stays 0, which adding a half would round up.
      const rounded = Math.abs(scaled) - magnitude >= 0.5 ? magnitude + 1 : magnitude;
      out[at + 2 + j] = scaled < 0 ? -rounded : rounded;
    }
  }
}

/** rows += scale · B A, with rows [count, columns] the rows from `firstRow` on, B [outputs, rank], A [rank, columns]. */
export function addLowRank(
  rows: Float32Array,
  firstRow: number,
  columns: number,
  a: Float32Array,
  b: Float32Array,
  rank: number,
  scale: number,
): void {
  const sums = new Float64Array(columns);
  for (let start = 0, row = firstRow; start < rows.length; start += columns, row++) {
    sums.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = b[row * rank + k] * scale;
      for (let j = 0; j < columns; j++) sums[j] += factor * a[k * columns + j];
    }
    for (let j = 0; j < columns; j++) rows[start + j] += sums[j];
  }
}

/** The other way round than separateRotaryHalves: rows j and n/2 + j of a head become its rows 2j and 2j + 1. */
export function interleaveRotaryHalves(rows: Float32Array, out: Float32Array, headCount: number, columns: number): void {
  const half = rows.length / columns / headCount / 2;
  for (let head = 0; head < headCount; head++) {
    for (let side = 0; side < 2; side++) {
      for (let j = 0; j < half; j++) {
        const from = (head * 2 * half + side * half + j) * columns;
        out.set(rows.subarray(from, from + columns), (head * 2 * half + 2 * j + side) * columns);
      }
    }
  }
}

/** weights += offset. */
export function addToEach(weights: Float32Array, offset: number): void {
  for (let i = 0; i < weights.length; i++) weights[i] += offset;
}
