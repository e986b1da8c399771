/** What a decoder is, as data: read from a checkpoint's config.json by its family, and all that graphs are built from. */
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { LinearModule } from "./checkpoint-tensors.ts";
import { familyOf } from "./families.ts";

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

export type RopeConfig = { readonly theta: number; readonly scaling: RopeScaling };

export type LayerConfig = {
  /** How many positions a query sees, its own included; null for all before it. */
  readonly window: number | null;
  /** Which of the configuration's `ropes` turns queries and keys; null for a layer without positions. */
  readonly rope: number | null;
};

/** The norms of a layer by their names in a checkpoint; null where a family has none. */
export type NormNames = {
  readonly beforeAttention: string;
  readonly afterAttention: string | null;
  readonly beforeMlp: string;
  readonly afterMlp: string | null;
};

export type ModelConfig = {
  /** As Hugging Face calls it: llama, qwen3, ... */
  readonly family: string;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly rmsEpsilon: number;
  /** The output head is the embedding table. */
  readonly isTied: boolean;
  /** Linear maps with a bias. */
  readonly biases: readonly LinearModule[];
  readonly activation: "SwiGlu" | "GeGlu";
  readonly norms: NormNames;
  /** Queries and keys are normed within each head (q_norm, k_norm). */
  readonly hasHeadNorms: boolean;
  /** Checkpoints store norm weights as their distance from 1. */
  readonly hasOffsetNorms: boolean;
  /** What attention scores are multiplied with; 1 / √headSize in most families. */
  readonly queryScale: number;
  /** What embeddings are multiplied with before the first layer. */
  readonly embeddingScale: number;
  /** What each half of a layer is multiplied with before it is added to its input. */
  readonly residualScale: number;
  /** What logits are multiplied with, before a soft cap. */
  readonly logitScale: number;
  /** c in logits = c · tanh(logits / c); null for logits as they are. */
  readonly logitSoftcap: number | null;
  readonly ropes: readonly RopeConfig[];
  /** One for each layer, from the first. */
  readonly layers: readonly LayerConfig[];
};

const headSchema = z.looseObject({ model_type: z.string() });

/** Throws ConfigError with the field, what was expected and what came. `where` names the file in messages. */
export function parseModelConfig(json: unknown, where: string): ModelConfig {
  const head = headSchema.safeParse(json);
  if (!head.success) throw new ConfigError(`${where}: expected a model configuration with a model_type, found none`, { where });
  return familyOf(head.data.model_type, where).parse(json, where);
}
