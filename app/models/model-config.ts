/** Reads the config.json of a Llama-family checkpoint; refuses what the decoder would compute wrongly. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";

export type RopeScaling =
  | { readonly kind: "none" }
  | { readonly kind: "linear"; readonly factor: number }
  | {
      readonly kind: "llama3";
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositions: number;
    };

export type ModelConfig = {
  readonly family: "llama";
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly rmsEpsilon: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling;
  /** The output head is the embedding table. */
  readonly isTied: boolean;
  readonly hasAttentionBias: boolean;
  readonly hasMlpBias: boolean;
};

const ropeSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: z.number().positive().optional(),
});

const size = z.int().min(1);
const configSchema = z.looseObject({
  model_type: z.string(),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  vocab_size: size,
  max_position_embeddings: size.default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  /** Where transformers 5 writes theta and scaling. */
  rope_parameters: ropeSchema.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  hidden_act: z.string().default("silu"),
});

/** Throws ConfigError with the field, what was expected and what came. `where` names the file in messages. */
export function parseModelConfig(json: unknown, where: string): ModelConfig {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${where}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a model configuration"}`, { where });
  }
  const config = parsed.data;
  if (config.model_type !== "llama")
    throw new ConfigError(`${where}: expected a checkpoint of the Llama family (model_type llama), got ${config.model_type}`, { where });
  if (config.hidden_act !== "silu") throw new ConfigError(`${where}: expected the activation silu, got ${config.hidden_act}`, { where });
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  const kvHeadCount = config.num_key_value_heads ?? config.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0)
    throw new ConfigError(`${where}: expected heads of an even size, got ${headSize}`, { where });
  if (config.num_attention_heads % kvHeadCount !== 0) {
    throw new ConfigError(
      `${where}: expected num_attention_heads to be a multiple of num_key_value_heads, got ${config.num_attention_heads} and ${kvHeadCount}`,
      { where },
    );
  }
  const rope = config.rope_parameters ?? config.rope_scaling ?? {};
  return {
    family: "llama",
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layerCount: config.num_hidden_layers,
    headCount: config.num_attention_heads,
    kvHeadCount,
    headSize,
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    rmsEpsilon: config.rms_norm_eps,
    ropeTheta: config.rope_theta ?? rope.rope_theta ?? 10_000,
    ropeScaling: parseRopeScaling(rope, config.max_position_embeddings, where),
    isTied: config.tie_word_embeddings,
    hasAttentionBias: config.attention_bias,
    hasMlpBias: config.mlp_bias,
  };
}

function parseRopeScaling(rope: z.infer<typeof ropeSchema>, maxPositions: number, where: string): RopeScaling {
  const kind = rope.rope_type ?? rope.type ?? "default";
  switch (kind) {
    case "default":
      return { kind: "none" };
    case "linear":
      if (rope.factor === undefined) throw new ConfigError(`${where}: linear rope scaling: expected a factor`, { where });
      return { kind: "linear", factor: rope.factor };
    case "llama3":
      if (rope.factor === undefined || rope.low_freq_factor === undefined || rope.high_freq_factor === undefined) {
        throw new ConfigError(`${where}: llama3 rope scaling: expected factor, low_freq_factor and high_freq_factor`, { where });
      }
      return {
        kind: "llama3",
        factor: rope.factor,
        lowFreqFactor: rope.low_freq_factor,
        highFreqFactor: rope.high_freq_factor,
        originalMaxPositions: rope.original_max_position_embeddings ?? maxPositions,
      };
    default:
      throw new ConfigError(`${where}: expected rope scaling default, linear or llama3, got ${kind}`, { where });
  }
}
