/** Llama 3's scaled rotary positions as llama.cpp stores them: a list of factors, without the rule that they come from. */
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import type { ModelConfig, RopeScaling } from "#app/models/model-config.ts";

type Llama3Scaling = Extract<RopeScaling, { readonly kind: "llama3" }>;

/** The only numbers that Llama 3.1 to 3.3 were published with, beside their factors. */
const PUBLISHED = { lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 } as const;

/** By float32 arithmetic of another order. */
const TOLERANCE = 1e-5;

/** By what each frequency is divided, [headSize / 2]. */
export function ropeFactors(config: ModelConfig, scaling: RopeScaling): Float32Array {
  const [rope] = config.ropes;
  const theta = rope?.theta ?? 1;
  const [plain, scaled] = [{ kind: "none" } as const, scaling].map(
    (some) => ropeFrequencies({ ...config, ropes: [{ theta, scaling: some }] })[0] ?? new Float32Array(),
  );
  return (plain ?? new Float32Array()).map((frequency, i) => frequency / (scaled?.[i] ?? Number.NaN));
}

/** The published scaling that gives these factors; undefined if none does. */
export function scalingOfFactors(config: ModelConfig, factors: Float32Array): Llama3Scaling | undefined {
  const scaling: Llama3Scaling = { kind: "llama3", factor: Math.max(...factors), ...PUBLISHED };
  const expected = ropeFactors(config, scaling);
  const isEqual = expected.length === factors.length && expected.every((factor, i) => Math.abs(factor / (factors[i] ?? Number.NaN) - 1) <= TOLERANCE);
  return isEqual ? scaling : undefined;
}
