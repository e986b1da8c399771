/** Low-rank adapters (LoRA): which tensors one has, how PEFT names them, and how they start. */
import { rngFor } from "#app/base/random.ts";
import { dimOf, elementCount } from "#app/graph/shapes.ts";
import type { Shape } from "#app/graph/types.ts";
import { type LinearModule, modulePath, moduleShape } from "./checkpoint-tensors.ts";
import type { ModelConfig } from "./model-config.ts";

export type AdapterShape = {
  readonly rank: number;
  /** The adapter's output is scaled by alpha / rank. */
  readonly alpha: number;
  readonly targets: readonly LinearModule[];
};

export type AdapterTensor = {
  /** As in PEFT's adapter_model.safetensors. */
  readonly name: string;
  /** model.layers.3.self_attn.q_proj */
  readonly module: string;
  readonly side: "A" | "B";
  readonly shape: Shape;
};

/** Factors of an adapter by PEFT's names, row-major. */
export type AdapterFactors = ReadonlyMap<string, Float32Array>;

export function adapterTensorName(module: string, side: "A" | "B"): string {
  return `base_model.model.${module}.lora_${side}.weight`;
}

/** All tensors in a fixed order: layer, module, A [rank, inputs] before B [outputs, rank]. */
export function adapterTensors(config: ModelConfig, adapter: AdapterShape): readonly AdapterTensor[] {
  const layers = Array.from({ length: config.layerCount }, (_, layer) => layer);
  return layers.flatMap((layer) =>
    adapter.targets.flatMap((target) => {
      const module = modulePath(layer, target);
      const [outputs, inputs] = moduleShape(config, target);
      return (["A", "B"] as const).map((side) => ({
        name: adapterTensorName(module, side),
        module,
        side,
        shape: side === "A" ? [adapter.rank, inputs] : [outputs, adapter.rank],
      }));
    }),
  );
}

/** A uniform in ±1/√inputs (Kaiming's rule with a = √5, as PEFT starts), B zero: the policy does not change. */
export function initialFactors(config: ModelConfig, adapter: AdapterShape, seed: number): AdapterFactors {
  return new Map(
    adapterTensors(config, adapter).map(({ name, side, shape }) => {
      const factors = new Float32Array(elementCount(shape));
      if (side === "A") {
        const rng = rngFor(seed, "adapter", name);
        const bound = 1 / Math.sqrt(dimOf(shape, 1));
        factors.forEach((_, i) => {
          factors[i] = (2 * rng.next() - 1) * bound;
        });
      }
      return [name, factors];
    }),
  );
}
