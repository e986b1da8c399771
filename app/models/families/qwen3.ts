/** Qwen3, dense: norms on the queries and keys of each head. */
import * as z from "zod";
import { ATTENTION_MODULES, plainDecoder, readFields, requireActivation } from "../config-fields.ts";
import type { Family } from "../family.ts";
import { qwenFields, qwenLayers } from "./qwen2.ts";

const fields = qwenFields.extend({ attention_bias: z.boolean().default(false) });

export const qwen3: Family = {
  modelType: "qwen3",
  architecture: "Qwen3ForCausalLM",
  parse: (json, where) => {
    const config = readFields(fields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    // Transformers' default, where a configuration leaves it out.
    const headSize = config.head_dim ?? 128;
    return {
      ...plainDecoder("qwen3", { ...config, head_dim: headSize }, where),
      biases: config.attention_bias ? ATTENTION_MODULES : [],
      hasHeadNorms: true,
      layers: qwenLayers(config, where),
    };
  },
  gguf: {
    architectures: ["qwen3"],
    interleavesHeads: false,
    modules: { "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm" },
  },
};
