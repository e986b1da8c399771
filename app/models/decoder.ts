/** The one description of a Llama decoder, from which prefill, decoding, scoring and training graphs are built. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Shape, TensorLocation, Value } from "#app/graph/types.ts";
import { type AdapterShape, adapterTensorName, adapterTensors } from "./adapter.ts";
import { checkpointTensors, EMBEDDING, FINAL_NORM, hasBias, headName, layerName, type LinearModule, modulePath } from "./checkpoint-tensors.ts";
import type { ModelConfig } from "./model-config.ts";

/** Where a graph's weights come from: files for the engine, inputs for tests and full fine-tuning. */
export type WeightSource = (g: GraphBuilder, name: string, shape: Shape) => Value;

export function weightsFromFiles(tensors: ReadonlyMap<string, TensorLocation>): WeightSource {
  return (g, name) => {
    const location = tensors.get(name);
    if (location === undefined) throw new GraphError(`expected a tensor ${name} in the checkpoint, found none`);
    return g.weight(name, location);
  };
}

export const weightsFromInputs: WeightSource = (g, name, shape) => g.input(name, shape);

export type Model = {
  readonly config: ModelConfig;
  readonly weights: WeightSource;
  /** An adapter beside the base, its factors as inputs of the graph under PEFT's names. */
  readonly adapter: AdapterShape | null;
};

/** Inputs of a row of tokens each: `batch` rows of `length` positions. */
export type TokenInputs = {
  readonly batch: number;
  readonly length: number;
  /** Token ids [batch · length]. */
  readonly ids: Value;
  /** [batch, 1, length, headSize / 2] each. */
  readonly cos: Value;
  readonly sin: Value;
};

/** q [batch, heads, length, headSize], k and v [batch, kvHeads, length, headSize] -> output of q's shape. */
export type Attend = (layer: number, q: Value, k: Value, v: Value) => Value;

export type Decoder = {
  /** Final hidden states after the last norm, [batch · length, hiddenSize]. */
  readonly hidden: Value;
  /** The table that turns hidden states into logits, [vocabularySize, hiddenSize]. */
  readonly head: Value;
  /** What training changes: the adapter's factors by PEFT's names; without an adapter every weight, by the checkpoint's names. */
  readonly parameters: ReadonlyMap<string, Value>;
};

export function tokenInputs(g: GraphBuilder, config: ModelConfig, batch: number, length: number): TokenInputs {
  const table = [batch, 1, length, config.headSize / 2];
  return { batch, length, ids: g.input("ids", [batch * length], "int64"), cos: g.input("cos", table), sin: g.input("sin", table) };
}

/** Builds the decoder; `attend` says what a position sees. */
export function buildDecoder(g: GraphBuilder, model: Model, tokens: TokenInputs, attend: Attend): Decoder {
  const { config } = model;
  const parts = layerParts(g, model);
  let x = g.one("Gather", [parts.weight(EMBEDDING), tokens.ids]);
  for (let layer = 0; layer < config.layerCount; layer++) {
    const normed = parts.norm(x, layerName(layer, "input_layernorm.weight"));
    const heads = (module: LinearModule): Value => splitHeads(g, config, tokens, parts.linear(normed, layer, module));
    const [q, k, v] = [heads("q_proj"), heads("k_proj"), heads("v_proj")];
    const turn = (some: Value): Value => g.one("Rope", [some, tokens.cos, tokens.sin], { inverse: 0 });
    const attended = joinHeads(g, config, tokens, attend(layer, turn(q), turn(k), v));
    x = g.add(x, parts.linear(attended, layer, "o_proj"));
    const second = parts.norm(x, layerName(layer, "post_attention_layernorm.weight"));
    const gated = g.one("SwiGlu", [parts.linear(second, layer, "gate_proj"), parts.linear(second, layer, "up_proj")]);
    x = g.add(x, parts.linear(gated, layer, "down_proj"));
  }
  return { hidden: parts.norm(x, FINAL_NORM), head: parts.weight(headName(config)), parameters: parts.parameters };
}

type LayerParts = {
  weight(name: string): Value;
  norm(x: Value, name: string): Value;
  linear(x: Value, layer: number, module: LinearModule): Value;
  /** Complete when the decoder is built. */
  readonly parameters: ReadonlyMap<string, Value>;
};

function layerParts(g: GraphBuilder, model: Model): LayerParts {
  const { config, adapter } = model;
  const shapes = checkpointTensors(config);
  const known = new Map<string, Value>();
  const weight = (name: string): Value => {
    const shape = shapes.get(name);
    if (shape === undefined) throw new GraphError(`the decoder has no tensor ${name}`);
    const value = known.get(name) ?? model.weights(g, name, shape);
    known.set(name, value);
    return value;
  };
  const factors = new Map(adapter === null ? [] : adapterTensors(config, adapter).map(({ name, shape }) => [name, g.input(name, shape)] as const));
  /** x Wᵀ + b + (alpha / rank) (x Aᵀ) Bᵀ, x [n, inputs]. The adapter stays beside the base and is never merged. */
  const linear = (x: Value, layer: number, module: LinearModule): Value => {
    const path = modulePath(layer, module);
    const base = g.gemm(x, weight(`${path}.weight`), { transB: true });
    const biased = hasBias(config, module) ? g.add(base, weight(`${path}.bias`)) : base;
    const [a, b] = [factors.get(adapterTensorName(path, "A")), factors.get(adapterTensorName(path, "B"))];
    if (adapter === null || a === undefined || b === undefined) return biased;
    return g.add(biased, g.gemm(g.gemm(x, a, { transB: true }), b, { transB: true, alpha: adapter.alpha / adapter.rank }));
  };
  const norm = (x: Value, name: string): Value => g.one("RmsNorm", [x, weight(name)], { epsilon: config.rmsEpsilon });
  return { weight, norm, linear, parameters: adapter === null ? known : factors };
}

/** [batch · length, heads · headSize] -> [batch, heads, length, headSize]. */
function splitHeads(g: GraphBuilder, config: ModelConfig, tokens: TokenInputs, x: Value): Value {
  const heads = (x.shape[1] ?? 0) / config.headSize;
  if (tokens.length === 1) return g.reshape(x, [tokens.batch, heads, 1, config.headSize]);
  return g.transpose(g.reshape(x, [tokens.batch, tokens.length, heads, config.headSize]), [0, 2, 1, 3]);
}

function joinHeads(g: GraphBuilder, config: ModelConfig, tokens: TokenInputs, x: Value): Value {
  const ordered = tokens.length === 1 ? x : g.transpose(x, [0, 2, 1, 3]);
  return g.reshape(ordered, [tokens.batch * tokens.length, config.headCount * config.headSize]);
}
