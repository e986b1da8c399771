/** Gemma 3, text: GeGLU, norms before and after each half of a layer, sliding layers with a rotary base of their own. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import { ATTENTION_MODULES, commonFields, everyLayer, plainDecoder, readFields, requireActivation, ropesByKind, slides } from "../config-fields.ts";
import type { Family } from "../family.ts";
import type { ModelConfig } from "../model-config.ts";

const fields = commonFields.extend({
  head_dim: z.int().min(1).default(256),
  hidden_activation: z.string().nullish(),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  sliding_window: z.int().min(1).nullish(),
  /** Every so many layers one sees everything. */
  sliding_window_pattern: z.int().min(1).nullish(),
  _sliding_window_pattern: z.int().min(1).nullish(),
  rope_local_base_freq: z.number().positive().default(10_000),
  final_logit_softcapping: z.number().positive().nullish(),
  attn_logit_softcapping: z.null().optional(),
  use_bidirectional_attention: z.literal(false).nullish(),
  tie_word_embeddings: z.boolean().default(true),
  max_position_embeddings: z.int().min(1).default(131_072),
});

const GLOBAL_ROPE = 0;
const LOCAL_ROPE = 1;
const USUAL_PATTERN = 6;
const USUAL_LOCAL_THETA = 10_000;
const DEFAULT_WINDOW = 4096;
const GLOBAL_THETA = 1_000_000;
const LAYERS_OF_27B = 62;

/** llama.cpp derives the scale of queries from the size of the model: 27B has one of its own. */
function ggufQueryScalar(layerCount: number, hiddenSize: number, headCount: number, headSize: number): number {
  return layerCount === LAYERS_OF_27B ? hiddenSize / headCount : headSize;
}

/** Throws ConfigError for what llama.cpp has in its code and not in the file. */
function requireUsualForm({ layers, ropes, queryScale, layerCount, hiddenSize, headCount, headSize }: ModelConfig): void {
  if (layers.some((layer, i) => (layer.window === null) !== ((i + 1) % USUAL_PATTERN === 0)))
    throw new ConfigError(
      "expected every sixth layer to see all positions, as llama.cpp has it for gemma3; this model has others, so a GGUF cannot hold it",
    );
  if (ropes[LOCAL_ROPE]?.theta !== USUAL_LOCAL_THETA)
    throw new ConfigError(
      "expected a rotary base of 10000 in sliding layers, as llama.cpp has it for gemma3; this model has another, so a GGUF cannot hold it",
    );
  if (queryScale !== 1 / Math.sqrt(ggufQueryScalar(layerCount, hiddenSize, headCount, headSize)))
    throw new ConfigError(
      "expected the query scale that llama.cpp derives for gemma3 from the size of the model; this model has another, so a GGUF cannot hold it",
    );
}

export const gemma3: Family = {
  modelType: "gemma3_text",
  architecture: "Gemma3ForCausalLM",
  parse: (json, where) => {
    const config = readFields(fields, json, where);
    requireActivation(config.hidden_activation ?? config.hidden_act, "gelu_pytorch_tanh", where);
    const pattern = config.sliding_window_pattern ?? config._sliding_window_pattern ?? USUAL_PATTERN;
    const base = plainDecoder("gemma3", { ...config, rope_theta: config.rope_theta ?? GLOBAL_THETA }, where);
    const ropes = ropesByKind(config, where) ?? {
      full: base.ropes[0] ?? { theta: GLOBAL_THETA, scaling: { kind: "none" } },
      sliding: { theta: config.rope_local_base_freq, scaling: { kind: "none" } },
    };
    return {
      ...base,
      biases: config.attention_bias ? ATTENTION_MODULES : [],
      activation: "GeGlu",
      norms: {
        beforeAttention: "input_layernorm",
        afterAttention: "post_attention_layernorm",
        beforeMlp: "pre_feedforward_layernorm",
        afterMlp: "post_feedforward_layernorm",
      },
      hasHeadNorms: true,
      hasOffsetNorms: true,
      queryScale: 1 / Math.sqrt(config.query_pre_attn_scalar),
      embeddingScale: Math.fround(Math.sqrt(config.hidden_size)),
      logitSoftcap: config.final_logit_softcapping ?? null,
      ropes: [ropes.full, ropes.sliding],
      layers: everyLayer(config, (layer) =>
        (slides(config, layer, where) ?? (layer + 1) % pattern !== 0)
          ? { window: config.sliding_window ?? DEFAULT_WINDOW, rope: LOCAL_ROPE }
          : { window: null, rope: GLOBAL_ROPE },
      ),
    };
  },
  gguf: {
    architectures: ["gemma3"],
    interleavesHeads: false,
    hasWindows: true,
    modules: {
      "self_attn.q_norm": "attn_q_norm",
      "self_attn.k_norm": "attn_k_norm",
      post_attention_layernorm: "post_attention_norm",
      pre_feedforward_layernorm: "ffn_norm",
      post_feedforward_layernorm: "post_ffw_norm",
    },
    configFields: (metadata, { headSize }) => ({
      hidden_activation: "gelu_pytorch_tanh",
      sliding_window: metadata.number("attention.sliding_window"),
      sliding_window_pattern: USUAL_PATTERN,
      query_pre_attn_scalar: ggufQueryScalar(
        metadata.number("block_count"),
        metadata.number("embedding_length"),
        metadata.number("attention.head_count"),
        headSize,
      ),
      rope_local_base_freq: USUAL_LOCAL_THETA,
      final_logit_softcapping: metadata.optionalNumber("final_logit_softcapping") ?? null,
    }),
    entries: (config) => {
      requireUsualForm(config);
      const window = config.layers.find((layer) => layer.window !== null)?.window;
      return [
        ...(window == null ? [] : [{ key: "attention.sliding_window", type: "uint32" as const, value: window }]),
        ...(config.logitSoftcap === null ? [] : [{ key: "final_logit_softcapping", type: "float32" as const, value: config.logitSoftcap }]),
      ];
    },
  },
};
