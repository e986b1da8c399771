/** SmolLM3: Llama in which every fourth layer has no rotary positions. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import { ATTENTION_MODULES, commonFields, everyLayer, MLP_MODULES, plainDecoder, readFields, requireActivation, slides } from "../config-fields.ts";
import type { Family } from "../family.ts";
import type { ModelConfig } from "../model-config.ts";

const fields = commonFields.extend({
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  /** 1 for a layer with rotary positions, 0 for one without. */
  no_rope_layers: z.array(z.int()).nullish(),
  no_rope_layer_interval: z.int().min(1).default(4),
  use_sliding_window: z.boolean().default(false),
  // Transformers 4 leaves it out where it is true, as in the published SmolLM3-3B.
  tie_word_embeddings: z.boolean().default(true),
});

const USUAL_THETA = 2_000_000;

/** llama.cpp has this number in its code, not in the file. */
const GGUF_INTERVAL = 4;

function hasRope(layer: number, interval: number): boolean {
  return (layer + 1) % interval !== 0;
}

function requireUsualInterval({ layers }: ModelConfig): void {
  if (layers.some((layer, i) => (layer.rope !== null) !== hasRope(i, GGUF_INTERVAL)))
    throw new ConfigError(
      `expected every fourth layer without rotary positions, as llama.cpp has it for smollm3; this model has others, so a GGUF cannot hold it`,
    );
}

export const smollm3: Family = {
  modelType: "smollm3",
  architecture: "SmolLM3ForCausalLM",
  parse: (json, where) => {
    const config = readFields(fields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    const listed = config.no_rope_layers ?? undefined;
    const slidingWindow = config.use_sliding_window ? (config.sliding_window ?? null) : null;
    return {
      ...plainDecoder("smollm3", { ...config, rope_theta: config.rope_theta ?? USUAL_THETA }, where),
      biases: [...(config.attention_bias ? ATTENTION_MODULES : []), ...(config.mlp_bias ? MLP_MODULES : [])],
      layers: everyLayer(config, (layer) => {
        const isTurned = listed === undefined ? hasRope(layer, config.no_rope_layer_interval) : listed[layer] === 1;
        // Where layer_types does not say it, layers without positions are those that slide.
        const isSliding = slides(config, layer, where) ?? !isTurned;
        return { window: isSliding ? slidingWindow : null, rope: isTurned ? 0 : null };
      }),
    };
  },
  gguf: {
    architectures: ["smollm3"],
    interleavesHeads: true,
    entries: (config) => {
      requireUsualInterval(config);
      return [];
    },
  },
};
