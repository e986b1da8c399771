/** Turns stored weights (half floats and llama.cpp's quantised blocks) into float32, rounding where ggml rounds. */

/** Reads a whole number of blocks from `bytes` and writes their weights to the start of `out`. */
export type BlockDecoder = (bytes: Uint8Array, out: Float32Array) => void;

const f32 = Math.fround;

/** All 65,536 half floats as numbers. */
const HALF = makeHalfTable();

function makeHalfTable(): Float32Array {
  const table = new Float32Array(0x10000);
  for (let bits = 0; bits < 0x10000; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

function halfAt(bytes: Uint8Array, at: number): number {
  return HALF[bytes[at] | (bytes[at + 1] << 8)];
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

export function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, bytes.length).set(bytes);
}

export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  for (let i = 0, at = 0; at < bytes.length; i++, at += 2) out[i] = HALF[bytes[at] | (bytes[at + 1] << 8)];
}

/** A bfloat16 is the upper half of a float32. */
export function decodeBf16(bytes: Uint8Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, bytes.length / 2);
  for (let i = 0, at = 0; at < bytes.length; i++, at += 2) words[i] = ((bytes[at] << 16) | (bytes[at + 1] << 24)) >>> 0;
}

/** 32 weights: scale, 16 bytes of nibbles around 8. */
export function decodeQ40(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 18, y += 32) {
    const d = halfAt(bytes, at);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 2 + j];
      out[y + j] = d * ((q & 15) - 8);
      out[y + j + 16] = d * ((q >> 4) - 8);
    }
  }
}

/** 32 weights: scale, minimum, 16 bytes of nibbles. */
export function decodeQ41(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 20, y += 32) {
    const d = halfAt(bytes, at);
    const m = halfAt(bytes, at + 2);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 4 + j];
      out[y + j] = f32(d * (q & 15)) + m;
      out[y + j + 16] = f32(d * (q >> 4)) + m;
    }
  }
}

/** 32 weights: scale, 32 high bits, 16 bytes of nibbles, around 16. */
export function decodeQ50(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 22, y += 32) {
    const d = halfAt(bytes, at);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 6 + j];
      out[y + j] = d * (((q & 15) | (highBit(bytes, at + 2, j) << 4)) - 16);
      out[y + j + 16] = d * (((q >> 4) | (highBit(bytes, at + 2, j + 16) << 4)) - 16);
    }
  }
}

/** 32 weights: scale, minimum, 32 high bits, 16 bytes of nibbles. */
export function decodeQ51(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 24, y += 32) {
    const d = halfAt(bytes, at);
    const m = halfAt(bytes, at + 2);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 8 + j];
      out[y + j] = f32(d * ((q & 15) | (highBit(bytes, at + 4, j) << 4))) + m;
      out[y + j + 16] = f32(d * ((q >> 4) | (highBit(bytes, at + 4, j + 16) << 4))) + m;
    }
  }
}

function highBit(bytes: Uint8Array, at: number, index: number): number {
  return (bytes[at + (index >> 3)] >> (index & 7)) & 1;
}

/** 32 weights: scale, 32 signed bytes. */
export function decodeQ80(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 34, y += 32) {
    const d = halfAt(bytes, at);
    for (let j = 0; j < 32; j++) out[y + j] = d * signed(bytes[at + 2 + j]);
  }
}

/** 256 weights in 8 groups of 32 with a 6-bit scale and minimum each: two scales, 12 bytes of them, 128 bytes of nibbles. */
export function decodeQ4K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 144, y += 256) {
    decodeKGroups(bytes, at, out, y, (group, j) => {
      const q = bytes[at + 16 + (group >> 1) * 32 + j];
      return group & 1 ? q >> 4 : q & 15;
    });
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
export function decodeQ5K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 176, y += 256) {
    decodeKGroups(bytes, at, out, y, (group, j) => {
      const q = bytes[at + 48 + (group >> 1) * 32 + j];
      const high = (bytes[at + 16 + j] >> group) & 1;
      return (group & 1 ? q >> 4 : q & 15) | (high << 4);
    });
  }
}

function decodeKGroups(bytes: Uint8Array, at: number, out: Float32Array, y: number, quant: (group: number, j: number) => number): void {
  const d = halfAt(bytes, at);
  const minimum = halfAt(bytes, at + 2);
  const scales = at + 4;
  for (let group = 0; group < 8; group++) {
    const low = bytes[scales + (group & 3)];
    const middle = bytes[scales + 4 + (group & 3)];
    const high = bytes[scales + 8 + (group & 3)];
    // The first four groups have six bits to themselves; the others are put together from nibbles and the two spare bits.
    const scale = group < 4 ? low & 63 : (high & 15) | ((low >> 6) << 4);
    const offset = group < 4 ? middle & 63 : (high >> 4) | ((middle >> 6) << 4);
    const groupScale = f32(d * scale);
    const groupMinimum = f32(minimum * offset);
    for (let j = 0; j < 32; j++) out[y + group * 32 + j] = f32(groupScale * quant(group, j)) - groupMinimum;
  }
}

/** 256 weights in 16 groups of 16: 128 bytes of nibbles, 64 of upper bit pairs, 16 signed scales, a scale; around 32. */
export function decodeQ6K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, y = 0; at < bytes.length; at += 210, y += 256) {
    const d = halfAt(bytes, at + 208);
    for (let i = 0; i < 256; i++) {
      const half = i >> 7;
      const quarter = (i >> 5) & 3;
      const j = i & 31;
      const low = bytes[at + half * 64 + (quarter & 1) * 32 + j];
      const high = (bytes[at + 128 + half * 32 + j] >> (2 * quarter)) & 3;
      const q = ((quarter >> 1 ? low >> 4 : low & 15) | (high << 4)) - 32;
      out[y + i] = f32(d * signed(bytes[at + 192 + (i >> 4)])) * q;
    }
  }
}

/**
 * Puts rows back that llama.cpp interleaved for its rotary positions: within a head of n rows, the file's rows 2j and
 * 2j + 1 are rows j and n/2 + j of a Hugging Face checkpoint. Both [heads · n, columns], row-major.
 */
export function separateRotaryHalves(rows: Float32Array, out: Float32Array, headCount: number, columns: number): void {
  const half = rows.length / columns / headCount / 2;
  for (let head = 0; head < headCount; head++) {
    for (let side = 0; side < 2; side++) {
      for (let j = 0; j < half; j++) {
        const from = (head * 2 * half + 2 * j + side) * columns;
        out.set(rows.subarray(from, from + columns), (head * 2 * half + side * half + j) * columns);
      }
    }
  }
}

/** weights -= offset. */
export function subtract(weights: Float32Array, offset: number): void {
  for (let i = 0; i < weights.length; i++) weights[i] -= offset;
}
