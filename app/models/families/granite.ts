/** Granite 3 and 4.1, dense: Llama with scales of its own for embeddings, scores, residuals and logits. */
import * as z from "zod";
import { ATTENTION_MODULES, commonFields, MLP_MODULES, plainDecoder, readFields, requireActivation } from "../config-fields.ts";
import type { Family, GgufEntry, GgufNumbers } from "../family.ts";
import type { ModelConfig } from "../model-config.ts";

const scale = z.number().positive().default(1);

const fields = commonFields.extend({
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  embedding_multiplier: scale,
  /** Instead of 1 / √headSize. */
  attention_multiplier: scale,
  residual_multiplier: scale,
  /** What logits are divided by. */
  logits_scaling: scale,
  /** Its hybrids have layers without positions. */
  position_embedding_type: z.literal("rope").optional(),
});

/** llama.cpp takes a scale that is not there, or 0, for none, and for the usual one where it is that of the scores. */
function ggufScales(metadata: GgufNumbers, headSize: number): Readonly<Record<string, number>> {
  const read = (key: string, usual: number): number => metadata.optionalNumber(key) || usual;
  return {
    embedding_multiplier: read("embedding_scale", 1),
    attention_multiplier: read("attention.scale", 1 / Math.sqrt(headSize)),
    residual_multiplier: read("residual_scale", 1),
    logits_scaling: metadata.number("logit_scale"),
  };
}

function ggufEntries({ embeddingScale, queryScale, residualScale, logitScale }: ModelConfig): readonly GgufEntry[] {
  return [
    { key: "embedding_scale", type: "float32", value: embeddingScale },
    { key: "attention.scale", type: "float32", value: queryScale },
    { key: "residual_scale", type: "float32", value: residualScale },
    { key: "logit_scale", type: "float32", value: 1 / logitScale },
  ];
}

export const granite: Family = {
  modelType: "granite",
  architecture: "GraniteForCausalLM",
  parse: (json, where) => {
    const config = readFields(fields, json, where);
    requireActivation(config.hidden_act, "silu", where);
    return {
      ...plainDecoder("granite", config, where),
      biases: [...(config.attention_bias ? ATTENTION_MODULES : []), ...(config.mlp_bias ? MLP_MODULES : [])],
      embeddingScale: config.embedding_multiplier,
      queryScale: config.attention_multiplier,
      residualScale: config.residual_multiplier,
      logitScale: 1 / config.logits_scaling,
    };
  },
  gguf: {
    architectures: ["granite"],
    interleavesHeads: true,
    configFields: (metadata, { headSize }) => ({
      hidden_act: "silu",
      ...ggufScales(metadata, headSize),
      // llama.cpp reads this flag as a switch for rotary positions, in this architecture alone.
      ...(metadata.optionalFlag("rope.scaling.finetuned") === false ? { position_embedding_type: "nope" } : {}),
    }),
    entries: ggufEntries,
  },
};
