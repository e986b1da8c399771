/** The fields of config.json that families share: read, checked, and turned into the terms of a ModelConfig. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { LinearModule } from "./checkpoint-tensors.ts";
import type { LayerConfig, ModelConfig, RopeConfig, RopeScaling } from "./model-config.ts";

const ropeSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: z.number().positive().optional(),
  partial_rotary_factor: z.number().optional(),
});
export type RopeFields = z.infer<typeof ropeSchema>;

const size = z.int().min(1);

/** Common fields; a family extends it with its own. */
export const commonFields = z.looseObject({
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
  /** Where transformers 5 writes theta and scaling; some families have one for each kind of layer. */
  rope_parameters: z.union([z.looseObject({ full_attention: ropeSchema, sliding_attention: ropeSchema }), ropeSchema]).nullish(),
  partial_rotary_factor: z.number().nullish(),
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.string().optional(),
  sliding_window: size.nullish(),
  /** Of each layer; the newer way to say which layers slide. */
  layer_types: z.array(z.string()).nullish(),
  quantization_config: z.unknown().optional(),
});
export type CommonFields = z.infer<typeof commonFields>;

/** The fields of a family's config.json. Throws ConfigError with the field, what was expected and what came. */
export function readFields<Schema extends z.ZodType>(schema: Schema, json: unknown, where: string): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${where}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a model configuration"}`, { where });
}

/** What is the same in all families that are here, of a plain pre-norm decoder; a family says what differs. */
export function plainDecoder(family: string, fields: CommonFields, where: string): ModelConfig {
  const headSize = fields.head_dim ?? fields.hidden_size / fields.num_attention_heads;
  const kvHeadCount = fields.num_key_value_heads ?? fields.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0)
    throw new ConfigError(`${where}: expected heads of an even size, got ${headSize}`, { where });
  if (fields.num_attention_heads % kvHeadCount !== 0) {
    throw new ConfigError(
      `${where}: expected num_attention_heads to be a multiple of num_key_value_heads, got ${fields.num_attention_heads} and ${kvHeadCount}`,
      { where },
    );
  }
  if (fields.quantization_config !== undefined && fields.quantization_config !== null)
    throw new ConfigError(
      `${where}: expected weights in F32, F16 or BF16, got a quantised checkpoint (quantization_config); use the original, or a GGUF`,
      {
        where,
      },
    );
  const ropes = [ropeOf(fields, plainRope(fields, where), where)];
  return {
    family,
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    layerCount: fields.num_hidden_layers,
    headCount: fields.num_attention_heads,
    kvHeadCount,
    headSize,
    vocabularySize: fields.vocab_size,
    maxPositions: fields.max_position_embeddings,
    rmsEpsilon: fields.rms_norm_eps,
    isTied: fields.tie_word_embeddings,
    biases: [],
    activation: "SwiGlu",
    norms: { beforeAttention: "input_layernorm", afterAttention: null, beforeMlp: "post_attention_layernorm", afterMlp: null },
    hasHeadNorms: false,
    hasOffsetNorms: false,
    queryScale: 1 / Math.sqrt(headSize),
    embeddingScale: 1,
    residualScale: 1,
    logitScale: 1,
    logitSoftcap: null,
    ropes,
    layers: everyLayer(fields, () => ({ window: null, rope: 0 })),
  };
}

/** One entry a layer; `layer` counts from 0. */
export function everyLayer(fields: CommonFields, of: (layer: number) => LayerConfig): readonly LayerConfig[] {
  return Array.from({ length: fields.num_hidden_layers }, (_, layer) => of(layer));
}

/** Whether a layer slides, where layer_types says so. Throws ConfigError for a kind of layer that is neither. */
export function slides(fields: CommonFields, layer: number, where: string): boolean | undefined {
  if (fields.layer_types == null) return undefined;
  const kind = fields.layer_types[layer];
  if (kind === "sliding_attention" || kind === "full_attention") return kind === "sliding_attention";
  throw new ConfigError(`${where}: layer_types: expected full_attention or sliding_attention for layer ${layer}, got ${kind ?? "nothing"}`, {
    where,
  });
}

/** Throws ConfigError for another activation than the family's. */
export function requireActivation(found: string | undefined, expected: string, where: string): void {
  if (found !== undefined && found !== expected) throw new ConfigError(`${where}: expected the activation ${expected}, got ${found}`, { where });
}

export const ATTENTION_MODULES: readonly LinearModule[] = ["q_proj", "k_proj", "v_proj", "o_proj"];
export const MLP_MODULES: readonly LinearModule[] = ["gate_proj", "up_proj", "down_proj"];

function plainRope(fields: CommonFields, where: string): RopeFields {
  const rope = fields.rope_parameters ?? fields.rope_scaling ?? {};
  if (!isByKind(rope)) return rope;
  const { full_attention: full } = rope;
  return readFields(ropeSchema, full, where);
}

function isByKind(
  rope: NonNullable<CommonFields["rope_parameters"]>,
): rope is { readonly full_attention: RopeFields; readonly sliding_attention: RopeFields } {
  return "full_attention" in rope && typeof rope.full_attention === "object";
}

/** The rotary positions of each kind of layer, where the configuration has them apart. */
export function ropesByKind(fields: CommonFields, where: string): { readonly full: RopeConfig; readonly sliding: RopeConfig } | undefined {
  const rope = fields.rope_parameters;
  if (rope == null || !isByKind(rope)) return undefined;
  return { full: ropeOf(fields, rope.full_attention, where), sliding: ropeOf(fields, rope.sliding_attention, where) };
}

function ropeOf(fields: CommonFields, rope: RopeFields, where: string): RopeConfig {
  const share = rope.partial_rotary_factor ?? fields.partial_rotary_factor ?? 1;
  if (share !== 1) throw new ConfigError(`${where}: expected rotary positions over whole heads, got partial_rotary_factor ${share}`, { where });
  return { theta: rope.rope_theta ?? fields.rope_theta ?? 10_000, scaling: ropeScaling(rope, fields.max_position_embeddings, where) };
}

function ropeScaling(rope: RopeFields, maxPositions: number, where: string): RopeScaling {
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
