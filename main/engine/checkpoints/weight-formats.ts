/** The number formats in which checkpoints store weights, with the size of a block and the way to float32. */
import {
  type BlockDecoder,
  decodeBf16,
  decodeF16,
  decodeF32,
  decodeQ40,
  decodeQ41,
  decodeQ4K,
  decodeQ50,
  decodeQ51,
  decodeQ5K,
  decodeQ6K,
  decodeQ80,
} from "./dequantise.kernel.ts";

export type WeightFormat = {
  /** As safetensors and GGUF call it. */
  readonly name: string;
  readonly blockWeights: number;
  readonly blockBytes: number;
  readonly decode: BlockDecoder;
};

const F32: WeightFormat = { name: "F32", blockWeights: 1, blockBytes: 4, decode: decodeF32 };
const F16: WeightFormat = { name: "F16", blockWeights: 1, blockBytes: 2, decode: decodeF16 };
const BF16: WeightFormat = { name: "BF16", blockWeights: 1, blockBytes: 2, decode: decodeBf16 };

/** By the dtype in a safetensors header. */
export const SAFETENSORS_FORMATS: ReadonlyMap<string, WeightFormat> = new Map([F32, F16, BF16].map((format) => [format.name, format]));

/** By the type number in a GGUF header. */
export const GGUF_FORMATS: ReadonlyMap<number, WeightFormat> = new Map([
  [0, F32],
  [1, F16],
  [2, { name: "Q4_0", blockWeights: 32, blockBytes: 18, decode: decodeQ40 }],
  [3, { name: "Q4_1", blockWeights: 32, blockBytes: 20, decode: decodeQ41 }],
  [6, { name: "Q5_0", blockWeights: 32, blockBytes: 22, decode: decodeQ50 }],
  [7, { name: "Q5_1", blockWeights: 32, blockBytes: 24, decode: decodeQ51 }],
  [8, { name: "Q8_0", blockWeights: 32, blockBytes: 34, decode: decodeQ80 }],
  [12, { name: "Q4_K", blockWeights: 256, blockBytes: 144, decode: decodeQ4K }],
  [13, { name: "Q5_K", blockWeights: 256, blockBytes: 176, decode: decodeQ5K }],
  [14, { name: "Q6_K", blockWeights: 256, blockBytes: 210, decode: decodeQ6K }],
  [30, BF16],
]);
