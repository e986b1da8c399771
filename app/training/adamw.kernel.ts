/** AdamW (Loshchilov and Hutter, decoupled weight decay) on float32 arrays, in place. */

export type AdamWSettings = {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
};

/**
 * θ ← θ(1 − lr·λ); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − lr · m̂ / (√v̂ + ε), with m̂ and v̂ corrected for
 * their start at zero. `step` counts from 1. `scale` multiplies each gradient (clipping).
 */
export function adamWStep(
  parameters: Float32Array,
  gradients: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  step: number,
  scale: number,
  settings: AdamWSettings,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
  const correction1 = 1 - beta1 ** step;
  const correction2 = Math.sqrt(1 - beta2 ** step);
  const decay = 1 - learningRate * weightDecay;
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradients[i] * scale;
    const m = beta1 * firstMoment[i] + (1 - beta1) * gradient;
    const v = beta2 * secondMoment[i] + (1 - beta2) * gradient * gradient;
    firstMoment[i] = m;
    secondMoment[i] = v;
    parameters[i] = parameters[i] * decay - (learningRate * (m / correction1)) / (Math.sqrt(v) / correction2 + epsilon);
  }
}

/** target += source. */
export function addInto(target: Float32Array, source: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] += source[i];
}

/** √Σ g² over all arrays, in float64. */
export function globalNorm(arrays: Iterable<Float32Array>): number {
  let sum = 0;
  for (const array of arrays) for (let i = 0; i < array.length; i++) sum += array[i] * array[i];
  return Math.sqrt(sum);
}
