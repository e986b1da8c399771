/** Mistral 7B and its like: Llama with, in some versions, a sliding window over all layers. */
import { commonFields, everyLayer, plainDecoder, readFields, requireActivation, slides } from "../config-fields.ts";
import type { Family } from "../family.ts";

export const mistral: Family = {
  modelType: "mistral",
  architecture: "MistralForCausalLM",
  parse: (json, where) => {
    const config = readFields(commonFields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    const window = config.sliding_window ?? null;
    return {
      ...plainDecoder("mistral", config, where),
      layers: everyLayer(config, (layer) => ({ window: (slides(config, layer, where) ?? true) ? window : null, rope: 0 })),
    };
  },
  // llama.cpp reads them as llama, without a window; within the first window's positions that is the same.
  gguf: { architectures: ["llama"], interleavesHeads: true },
};
