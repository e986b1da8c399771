/** Quantises weights to 8 bits in blocks along the rows, as QuantisedGemm reads them. */

/**
 * Rows of `width` weights to blocks of `block` codes around `zero` and one scale each: code − zero = weight / scale rounded,
 * scale = the block's largest |weight| / (zero − 1). Rows that end within a block are padded with zeros.
 */
export function quantiseRows(weights: Float32Array, width: number, block: number, zero: number, codes: Uint8Array, scales: Float32Array): void {
  const rows = weights.length / width;
  const blocks = Math.ceil(width / block);
  for (let row = 0; row < rows; row++) {
    for (let b = 0; b < blocks; b++) {
      const from = row * width + b * block;
      const count = Math.min(block, width - b * block);
      let largest = 0;
      for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(weights[from + i]));
      const scale = Math.fround(largest / (zero - 1));
      scales[row * blocks + b] = scale;
      const to = (row * blocks + b) * block;
      for (let i = 0; i < block; i++) codes[to + i] = zero + (i < count && scale > 0 ? Math.round(weights[from + i] / scale) : 0);
    }
  }
}
