/** The number formats in which exports are written, with the size of a block and the way from float32. */
import { ConfigError } from "#app/base/errors.ts";
import { exportWords } from "#app/text/exports.ts";
import { type BlockEncoder, encodeBf16, encodeF16, encodeF32, encodeQ80 } from "./encode-weights.kernel.ts";

export type Precision = "f32" | "f16" | "bf16" | "q8_0";

export type WriteFormat = {
  /** As safetensors and GGUF call it. */
  readonly name: string;
  /** GGUF's type number. */
  readonly ggufType: number;
  readonly blockWeights: number;
  readonly blockBytes: number;
  readonly encode: BlockEncoder;
};

export const WRITE_FORMATS: { readonly [P in Precision]: WriteFormat } = {
  f32: { name: "F32", ggufType: 0, blockWeights: 1, blockBytes: 4, encode: encodeF32 },
  f16: { name: "F16", ggufType: 1, blockWeights: 1, blockBytes: 2, encode: encodeF16 },
  bf16: { name: "BF16", ggufType: 30, blockWeights: 1, blockBytes: 2, encode: encodeBf16 },
  q8_0: { name: "Q8_0", ggufType: 8, blockWeights: 32, blockBytes: 34, encode: encodeQ80 },
};

/** The largest float16. */
const MAX_HALF = 65_504;

/** A whole number of blocks in a format. Throws ConfigError for a weight that float16 cannot hold. */
export function encodeBlocks(weights: Float32Array, format: WriteFormat, name: string): Uint8Array {
  if (format.name === "F16" && weights.some((weight) => Math.abs(weight) > MAX_HALF)) {
    throw new ConfigError(exportWords.beyondHalf(MAX_HALF, name), {
      name,
    });
  }
  const bytes = new Uint8Array((weights.length / format.blockWeights) * format.blockBytes);
  format.encode(weights, bytes);
  return bytes;
}
