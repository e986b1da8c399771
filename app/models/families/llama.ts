/** Llama 1 to 3, SmolLM and SmolLM2, and all that calls itself llama. */
import * as z from "zod";
import { ATTENTION_MODULES, commonFields, MLP_MODULES, plainDecoder, readFields, requireActivation } from "../config-fields.ts";
import type { Family } from "../family.ts";

const fields = commonFields.extend({ attention_bias: z.boolean().default(false), mlp_bias: z.boolean().default(false) });

export const llama: Family = {
  modelType: "llama",
  architecture: "LlamaForCausalLM",
  parse: (json, where) => {
    const config = readFields(fields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    return {
      ...plainDecoder("llama", config, where),
      biases: [...(config.attention_bias ? ATTENTION_MODULES : []), ...(config.mlp_bias ? MLP_MODULES : [])],
    };
  },
  gguf: { architectures: ["llama"], interleavesHeads: true },
};
