/** Cosines and sines of rotary positions, rounded where PyTorch rounds, so that angles agree to the bit before cos and sin. */
import type { ModelConfig, RopeConfig } from "./model-config.ts";

export type RopeTables = { readonly cos: Float32Array; readonly sin: Float32Array };

/** Radians a position for each of the headSize / 2 pairs, as float32; one list for each of the model's ropes. */
export function ropeFrequencies(config: ModelConfig): readonly Float32Array[] {
  return config.ropes.map((rope) => frequenciesOf(rope, config.headSize));
}

function frequenciesOf(rope: RopeConfig, headSize: number): Float32Array {
  const half = headSize / 2;
  const frequencies = new Float32Array(half);
  for (let i = 0; i < half; i++) frequencies[i] = scaled(Math.fround(1 / Math.fround(rope.theta ** Math.fround((2 * i) / headSize))), rope);
  return frequencies;
}

/** Llama 3.1 stretches slow rotations by a factor, leaves fast ones, and blends between. */
function scaled(frequency: number, { scaling }: RopeConfig): number {
  switch (scaling.kind) {
    case "none":
      return frequency;
    case "linear":
      return frequency / scaling.factor;
    case "llama3": {
      const wavelength = (2 * Math.PI) / frequency;
      const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = scaling;
      if (wavelength < originalMaxPositions / highFreqFactor) return frequency;
      if (wavelength > originalMaxPositions / lowFreqFactor) return frequency / factor;
      const blend = (originalMaxPositions / wavelength - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
      return ((1 - blend) * frequency) / factor + blend * frequency;
    }
    default:
      return scaling satisfies never;
  }
}

/** Tables [positions.length, headSize / 2], row-major. */
export function ropeTables(frequencies: Float32Array, positions: ArrayLike<number>): RopeTables {
  const half = frequencies.length;
  const cos = new Float32Array(positions.length * half);
  const sin = new Float32Array(positions.length * half);
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row];
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * frequencies[i]);
      cos[row * half + i] = Math.cos(angle);
      sin[row * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
