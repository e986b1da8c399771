/** The one decoder, built as a model's configuration describes it, from which prefill, decoding, scoring and training graphs are built. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { NodeRange, Shape, TensorLocation, Value } from "#app/graph/types.ts";
import { type AdapterShape, adapterTensorName, adapterTensors } from "./adapter.ts";
import {
  checkpointTensors,
  EMBEDDING,
  FINAL_NORM,
  headName,
  KEY_NORM,
  layerName,
  type LinearModule,
  modulePath,
  QUERY_NORM,
} from "./checkpoint-tensors.ts";
import type { ModelConfig } from "./model-config.ts";
import type { QuantisedTensors } from "./quantised.ts";
import { ropeInputs, type RopeInputs } from "./position-inputs.ts";

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
  /** The base in 8 bits, for graphs that sample; the adapter stays in float32 beside it. */
  readonly quantised?: QuantisedTensors;
};

/** Inputs of a row of tokens each: `batch` rows of `length` positions. */
export type TokenInputs = {
  readonly batch: number;
  readonly length: number;
  /** Token ids [batch · length]. */
  readonly ids: Value;
  /** One for each of the model's ropes. */
  readonly ropes: readonly RopeInputs[];
};

/** q [batch, heads, length, headSize], k and v [batch, kvHeads, length, headSize] -> output of q's shape. */
export type Attend = (layer: number, q: Value, k: Value, v: Value) => Value;

export type Decoder = {
  /** Final hidden states after the last norm, [batch · length, hiddenSize]. */
  readonly hidden: Value;
  /** The table that turns hidden states into logits, [vocabularySize, hiddenSize]. */
  readonly head: Value;
  /** x [n, hiddenSize] times the head's table, [n, vocabularySize]. */
  readonly timesHead: (x: Value) => Value;
  /** What training changes: the adapter's factors by PEFT's names; without an adapter every weight, by the checkpoint's names. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** The nodes of each layer, first to last. */
  readonly layers: readonly NodeRange[];
};

export function tokenInputs(g: GraphBuilder, config: ModelConfig, batch: number, length: number): TokenInputs {
  return { batch, length, ids: g.input("ids", [batch * length], "int64"), ropes: ropeInputs(g, config, batch, length) };
}

/** Builds the decoder; `attend` says what a position sees. */
export function buildDecoder(g: GraphBuilder, model: Model, tokens: TokenInputs, attend: Attend): Decoder {
  const { config } = model;
  const { beforeAttention, afterAttention, beforeMlp, afterMlp } = config.norms;
  const parts = layerParts(g, model);
  let x = g.scale(g.one("Gather", [parts.weight(EMBEDDING), tokens.ids]), config.embeddingScale);
  const layers: NodeRange[] = [];
  for (let layer = 0; layer < config.layerCount; layer++) {
    const first = g.nodes.length;
    const norm = (some: Value, name: string | null): Value => (name === null ? some : parts.norm(some, layerName(layer, `${name}.weight`)));
    const normed = norm(x, beforeAttention);
    const heads = (module: LinearModule): Value => splitHeads(g, config, tokens, parts.linear(normed, layer, module));
    const [queries, keys] = [
      norm(heads("q_proj"), config.hasHeadNorms ? QUERY_NORM : null),
      norm(heads("k_proj"), config.hasHeadNorms ? KEY_NORM : null),
    ];
    const turn = turnIn(g, config, tokens, layer);
    // Attention divides by √headSize; what a family has instead goes into the queries.
    const scaled = g.scale(turn(queries), Math.fround(config.queryScale * Math.sqrt(config.headSize)));
    const attended = joinHeads(g, config, tokens, attend(layer, scaled, turn(keys), heads("v_proj")));
    x = g.add(x, g.scale(norm(parts.linear(attended, layer, "o_proj"), afterAttention), config.residualScale));
    const second = norm(x, beforeMlp);
    const gated = g.one(config.activation, [parts.linear(second, layer, "gate_proj"), parts.linear(second, layer, "up_proj")]);
    x = g.add(x, g.scale(norm(parts.linear(gated, layer, "down_proj"), afterMlp), config.residualScale));
    layers.push({ first, end: g.nodes.length });
  }
  const head = headName(config);
  return {
    hidden: parts.norm(x, FINAL_NORM),
    head: parts.weight(head),
    timesHead: (rows) => parts.timesWeight(rows, head),
    parameters: parts.parameters,
    layers,
  };
}

/** Logits of rows of hidden states, [rows, vocabularySize]. */
export function logitsOf(g: GraphBuilder, config: ModelConfig, { timesHead }: Decoder, rows: Value): Value {
  return capped(g, config, timesHead(g.scale(rows, config.logitScale)));
}

/** log p(target) of rows of hidden states, [rows, 1]. */
export function tokenLogpsOf(g: GraphBuilder, config: ModelConfig, decoder: Decoder, rows: Value, targets: Value): Value {
  // Scaling the rows scales the logits, at a hundredth of the numbers.
  const scaled = g.scale(rows, config.logitScale);
  if (config.logitSoftcap === null) return g.one("TokenLogp", [scaled, decoder.head, targets]);
  const picked = g.sum(g.mul(scaled, g.one("Gather", [decoder.head, targets])), [1]);
  const normaliser = g.one("ReduceLogSumExp", [logitsOf(g, config, decoder, rows)], { axes: [1], keepdims: 1 });
  return g.sub(capped(g, config, picked), normaliser);
}

/** c · tanh(x / c) */
function capped(g: GraphBuilder, { logitSoftcap }: ModelConfig, x: Value): Value {
  return logitSoftcap === null ? x : g.scale(g.one("Tanh", [g.scale(x, 1 / logitSoftcap)]), logitSoftcap);
}

/** Turns queries or keys by their positions, in layers that have any. */
function turnIn(g: GraphBuilder, config: ModelConfig, tokens: TokenInputs, layer: number): (x: Value) => Value {
  const rope = config.layers[layer]?.rope ?? null;
  if (rope === null) return (x) => x;
  const table = tokens.ropes[rope];
  if (table === undefined) throw new GraphError(`expected rotary tables for layer ${layer}, the model has ${tokens.ropes.length}`);
  return (x) => g.one("Rope", [x, table.cos, table.sin], { inverse: 0 });
}

type LayerParts = {
  weight(name: string): Value;
  norm(x: Value, name: string): Value;
  /** x Wᵀ, in 8 bits where the weight is there so. */
  timesWeight(x: Value, name: string): Value;
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
  const timesWeight = (x: Value, name: string): Value => {
    const stored = model.quantised?.get(name);
    if (stored === undefined) return g.gemm(x, weight(name), { transB: true });
    const [codes, scales] = [g.weight(`${name}.codes`, stored.codes), g.weight(`${name}.scales`, stored.scales)];
    return g.one("QuantisedGemm", [x, codes, scales], { accuracyLevel: 4 });
  };
  /** x Wᵀ + b + (alpha / rank) (x Aᵀ) Bᵀ, x [n, inputs]. The adapter stays beside the base and is never merged. */
  const linear = (x: Value, layer: number, module: LinearModule): Value => {
    const path = modulePath(layer, module);
    const base = timesWeight(x, `${path}.weight`);
    const biased = config.biases.includes(module) ? g.add(base, weight(`${path}.bias`)) : base;
    const [a, b] = [factors.get(adapterTensorName(path, "A")), factors.get(adapterTensorName(path, "B"))];
    if (adapter === null || a === undefined || b === undefined) return biased;
    return g.add(biased, g.gemm(g.gemm(x, a, { transB: true }), b, { transB: true, alpha: adapter.alpha / adapter.rank }));
  };
  const norm = (x: Value, name: string): Value => {
    const stored = weight(name);
    return g.one("RmsNorm", [x, config.hasOffsetNorms ? g.add(stored, g.constant([1])) : stored], { epsilon: config.rmsEpsilon });
  };
  return { weight, norm, timesWeight, linear, parameters: adapter === null ? known : factors };
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
