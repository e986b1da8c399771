/** The text part of a checkpoint that also sees pictures: its configuration as that of a text model, its tensors under a text model's names. */
import * as z from "zod";

export type TextPart = {
  /** As the config.json of a text model. */
  readonly config: unknown;
  /** The text model's name of a tensor; undefined for one of another part. */
  readonly nameOf: (stored: string) => string | undefined;
};

/** Gemma3TextConfig's defaults in Transformers: published configurations leave out what equals them. */
const GEMMA3_DEFAULTS = {
  vocab_size: 262_208,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  rms_norm_eps: 1e-6,
  max_position_embeddings: 131_072,
} as const;

const picturesSchema = z.looseObject({ model_type: z.literal("gemma3"), text_config: z.looseObject({}) });

/** Fields that stand outside the text part where they stand at all, and count for it. */
const OUTER_FIELDS = ["eos_token_id", "bos_token_id", "pad_token_id", "torch_dtype", "dtype", "quantization_config"] as const;

/** Null for a checkpoint that is of text alone. Known: Gemma 3 (its 4B, 12B and 27B see pictures). */
export function textPartOf(config: unknown): TextPart | null {
  const parsed = picturesSchema.safeParse(config);
  if (!parsed.success) return null;
  const { text_config: text, ...outer } = parsed.data;
  const carried = Object.fromEntries(OUTER_FIELDS.flatMap((field) => (outer[field] === undefined ? [] : [[field, outer[field]]])));
  return {
    config: { ...GEMMA3_DEFAULTS, ...text, ...carried, model_type: "gemma3_text", architectures: ["Gemma3ForCausalLM"] },
    nameOf: nameInTextPart,
  };
}

/** Files on the hub say language_model.model.*, some versions of Transformers model.language_model.*. */
export function nameInTextPart(stored: string): string | undefined {
  if (stored.startsWith("language_model.")) return stored.slice("language_model.".length);
  if (stored.startsWith("model.language_model.")) return `model.${stored.slice("model.language_model.".length)}`;
  return stored === "lm_head.weight" ? stored : undefined;
}

/** What Transformers, since 4.52, calls a module or tensor of a text model's layers where that model is a part of another. */
export function nameInWholeModel(name: string): string {
  return name.replace(/^model\./u, "model.language_model.");
}
