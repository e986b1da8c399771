/** Qwen2 and Qwen2.5: biases on queries, keys and values; upper layers may slide. */
import * as z from "zod";
import { commonFields, everyLayer, plainDecoder, readFields, requireActivation, slides } from "../config-fields.ts";
import type { Family } from "../family.ts";
import type { LayerConfig } from "../model-config.ts";

export const qwenFields = commonFields.extend({ use_sliding_window: z.boolean().default(false), max_window_layers: z.int().min(0).default(28) });

/** Layers from max_window_layers on slide, where any does. */
export function qwenLayers(config: z.infer<typeof qwenFields>, where: string): readonly LayerConfig[] {
  const window = config.use_sliding_window ? (config.sliding_window ?? null) : null;
  return everyLayer(config, (layer) => ({ window: (slides(config, layer, where) ?? layer >= config.max_window_layers) ? window : null, rope: 0 }));
}

export const qwen2: Family = {
  modelType: "qwen2",
  architecture: "Qwen2ForCausalLM",
  parse: (json, where) => {
    const config = readFields(qwenFields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    return { ...plainDecoder("qwen2", config, where), biases: ["q_proj", "k_proj", "v_proj"], layers: qwenLayers(config, where) };
  },
  gguf: { architectures: ["qwen2"], interleavesHeads: false },
};
