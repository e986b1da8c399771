/** The names and shapes of a checkpoint's tensors. */
import { DataError } from "#app/base/errors.ts";
import { sameShape, shapeText } from "#app/graph/shapes.ts";
import type { Shape, TensorLocation } from "#app/graph/types.ts";
import type { ModelConfig } from "./model-config.ts";

/** The linear maps of a decoder layer, as checkpoints and adapters name them. */
export const LINEAR_MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type LinearModule = (typeof LINEAR_MODULES)[number];

export const EMBEDDING = "model.embed_tokens.weight";
export const FINAL_NORM = "model.norm.weight";
const HEAD = "lm_head.weight";

/** The table that turns hidden states into logits. */
export function headName(config: ModelConfig): string {
  return config.isTied ? EMBEDDING : HEAD;
}

export function layerName(layer: number, rest: string): string {
  return `model.layers.${layer}.${rest}`;
}

function isAttention(module: LinearModule): boolean {
  return module === "q_proj" || module === "k_proj" || module === "v_proj" || module === "o_proj";
}

/** model.layers.3.self_attn.q_proj */
export function modulePath(layer: number, module: LinearModule): string {
  return layerName(layer, `${isAttention(module) ? "self_attn" : "mlp"}.${module}`);
}

/** Output and input size of a linear map: its weight is [outputs, inputs]. */
export function moduleShape(config: ModelConfig, module: LinearModule): readonly [number, number] {
  const { hiddenSize, intermediateSize } = config;
  const [queries, keys] = [config.headCount * config.headSize, config.kvHeadCount * config.headSize];
  switch (module) {
    case "q_proj":
      return [queries, hiddenSize];
    case "k_proj":
    case "v_proj":
      return [keys, hiddenSize];
    case "o_proj":
      return [hiddenSize, queries];
    case "gate_proj":
    case "up_proj":
      return [intermediateSize, hiddenSize];
    case "down_proj":
      return [hiddenSize, intermediateSize];
    default:
      return module satisfies never;
  }
}

/** The norms over the queries and keys of each head. */
export const QUERY_NORM = "self_attn.q_norm";
export const KEY_NORM = "self_attn.k_norm";

/** A layer's norms by their names in the checkpoint, each with its size. */
function normSizes(config: ModelConfig): ReadonlyMap<string, number> {
  const { beforeAttention, afterAttention, beforeMlp, afterMlp } = config.norms;
  const ofHidden = [beforeAttention, afterAttention, beforeMlp, afterMlp].filter((name) => name !== null);
  const ofHeads = config.hasHeadNorms ? [QUERY_NORM, KEY_NORM] : [];
  return new Map([...ofHidden.map((name) => [name, config.hiddenSize] as const), ...ofHeads.map((name) => [name, config.headSize] as const)]);
}

/** Every tensor that the decoder reads, with its shape. */
export function checkpointTensors(config: ModelConfig): ReadonlyMap<string, Shape> {
  const table: Shape = [config.vocabularySize, config.hiddenSize];
  const shapes = new Map<string, Shape>([
    [EMBEDDING, table],
    [FINAL_NORM, [config.hiddenSize]],
    [headName(config), table],
  ]);
  for (let layer = 0; layer < config.layerCount; layer++) {
    for (const [norm, size] of normSizes(config)) shapes.set(layerName(layer, `${norm}.weight`), [size]);
    for (const module of LINEAR_MODULES) {
      shapes.set(`${modulePath(layer, module)}.weight`, moduleShape(config, module));
      if (config.biases.includes(module)) shapes.set(`${modulePath(layer, module)}.bias`, moduleShape(config, module).slice(0, 1));
    }
  }
  return shapes;
}

/** Throws DataError for the first tensor that is missing or of another shape than the configuration says. */
export function requireTensors(config: ModelConfig, tensors: ReadonlyMap<string, TensorLocation>, where: string): void {
  for (const [name, shape] of checkpointTensors(config)) {
    const found = tensors.get(name);
    if (found === undefined) throw new DataError(`${where}: expected a tensor ${name} ${shapeText(shape)}, found none`, { where, name });
    if (!sameShape(found.shape, shape))
      throw new DataError(`${where}: expected ${name} as ${shapeText(shape)}, got ${shapeText(found.shape)}`, { where, name });
  }
}
