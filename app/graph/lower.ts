/** Spells composite ops in portable ones, and drops what no output needs. */
import { GraphError } from "#app/base/errors.ts";
import { GraphBuilder } from "./builder.ts";
import { queryBlocks } from "./query-blocks.ts";
import { dimOf, fourDims, inputAt, intAttribute } from "./shapes.ts";
import type { Attributes, CompositeOp, Graph, OpName, OpNode, Value } from "./types.ts";

/** √(2/π), and the weight of the cube: the tanh form of GELU (Hendrycks and Gimpel). */
export const GELU_SCALE = Math.sqrt(2 / Math.PI);
export const GELU_CUBIC = 0.044715;

type Lowering = (g: GraphBuilder, inputs: readonly Value[], attributes: Attributes) => readonly Value[];

/** y = x · w / √(mean(x²) + ε); also 1 / √(mean(x²) + ε). */
const rmsNorm: Lowering = (g, inputs, attributes) => {
  const [x, weight] = [inputAt("RmsNorm", inputs, 0), inputAt("RmsNorm", inputs, 1)];
  const epsilon = attributes["epsilon"];
  if (typeof epsilon !== "number") throw new GraphError(`RmsNorm: expected a number for epsilon, got ${String(epsilon)}`);
  const meanSquare = g.one("ReduceMean", [g.mul(x, x)], { axes: [x.shape.length - 1], keepdims: 1 });
  const inverseRms = g.one("Reciprocal", [g.one("Sqrt", [g.add(meanSquare, g.constant([epsilon]))])]);
  return [g.mul(g.mul(x, inverseRms), weight), inverseRms];
};

/** Turns the pairs (x_i, x_{i + d/2}) by the angle at their position; `inverse` 1 turns back. */
const rope: Lowering = (g, inputs, attributes) => {
  const [x, cos, sin] = [inputAt("Rope", inputs, 0), inputAt("Rope", inputs, 1), inputAt("Rope", inputs, 2)];
  const half = dimOf(x.shape, 3) / 2;
  const [a, b] = [g.slice(x, 3, 0, half), g.slice(x, 3, half, 2 * half)];
  const [aCos, aSin, bCos, bSin] = [g.mul(a, cos), g.mul(a, sin), g.mul(b, cos), g.mul(b, sin)];
  const turned =
    intAttribute("Rope", attributes, "inverse", 0) === 1 ? [g.add(aCos, bSin), g.sub(bCos, aSin)] : [g.sub(aCos, bSin), g.add(bCos, aSin)];
  return [g.concat(turned, 3)];
};

/** softmax(q kᵀ / √d + mask) v with the queries of a key-value head's group side by side, so that nothing is repeated. */
const attention: Lowering = (g, inputs) => {
  const [q, k, v, mask] = attentionInputs("Attention", inputs);
  const [batch, heads, queries, depth] = fourDims(q.shape);
  const [kvHeads, keys] = [dimOf(k.shape, 1), dimOf(k.shape, 2)];
  const group = heads / kvHeads;
  const grouped = g.reshape(g.scale(q, 1 / Math.sqrt(depth)), [batch, kvHeads, group * queries, depth]);
  const scores = g.reshape(g.matMul(grouped, g.swapLast(k)), [batch, kvHeads, group, queries, keys]);
  const probabilities = g.reshape(g.one("Softmax", [g.add(scores, mask)]), [batch, kvHeads, group * queries, keys]);
  return [g.reshape(g.matMul(probabilities, v), q.shape), probabilities];
};

/** Attention of each block of queries to the keys up to its end: the scores of later keys are not computed. */
const causalAttention: Lowering = (g, inputs, attributes) => {
  const [q, k, v, mask] = attentionInputs("CausalAttention", inputs);
  const parts = queryBlocks(q, attributes).map(({ start, end }) => {
    const seenMask = g.sliced(g.sliced(mask, 3, start, end), 4, 0, end);
    return attention(g, [g.sliced(q, 2, start, end), g.sliced(k, 2, 0, end), g.sliced(v, 2, 0, end), seenMask], {});
  });
  const [outputs, probabilities] = [0, 1].map((i) => parts.flatMap((part) => part[i] ?? []));
  return [g.joined(outputs ?? [], 2), ...(probabilities ?? [])];
};

function attentionInputs(op: OpName, inputs: readonly Value[]): readonly [q: Value, k: Value, v: Value, mask: Value] {
  return [inputAt(op, inputs, 0), inputAt(op, inputs, 1), inputAt(op, inputs, 2), inputAt(op, inputs, 3)];
}

/** silu(gate) · up, with silu(x) = x · σ(x). */
const swiGlu: Lowering = (g, inputs) => {
  const [gate, up] = [inputAt("SwiGlu", inputs, 0), inputAt("SwiGlu", inputs, 1)];
  return [g.mul(g.mul(gate, g.one("Sigmoid", [gate])), up)];
};

/** gelu(gate) · up, with gelu(x) = x · σ(2u), u = √(2/π) · (x + 0.044715 x³): the usual x/2 · (1 + tanh u) by another name. */
const geGlu: Lowering = (g, inputs) => {
  const [gate, up] = [inputAt("GeGlu", inputs, 0), inputAt("GeGlu", inputs, 1)];
  const inner = g.mul(gate, g.add(g.scale(g.mul(gate, gate), 2 * GELU_SCALE * GELU_CUBIC), g.constant([2 * GELU_SCALE])));
  return [g.mul(g.mul(gate, g.one("Sigmoid", [inner])), up)];
};

/**
 * log p(id) = h · E[id] − logsumexp(h Eᵀ): no one-hot rows. The exponentials are kept for the gradient, which needs
 * neither the logits nor another pass of exp over the vocabulary.
 */
const tokenLogp: Lowering = (g, inputs) => {
  const [hidden, table, ids] = [inputAt("TokenLogp", inputs, 0), inputAt("TokenLogp", inputs, 1), inputAt("TokenLogp", inputs, 2)];
  const logits = g.gemm(hidden, table, { transB: true });
  const largest = g.one("ReduceMax", [logits], { axes: [1], keepdims: 1 });
  const exponentials = g.one("Exp", [g.sub(logits, largest)]);
  const sums = g.sum(exponentials, [1]);
  const picked = g.sum(g.mul(hidden, g.one("Gather", [table, ids])), [1]);
  return [g.sub(g.sub(picked, largest), g.one("Log", [sums])), exponentials, sums];
};

const lowerings: { readonly [Op in CompositeOp]: Lowering } = {
  RmsNorm: rmsNorm,
  Rope: rope,
  Attention: attention,
  CausalAttention: causalAttention,
  SwiGlu: swiGlu,
  GeGlu: geGlu,
  TokenLogp: tokenLogp,
};

export function isComposite(op: OpName): op is CompositeOp {
  return op in lowerings;
}

/** The same graph in portable ops alone, but for composite nodes that `isKept` wants to stay whole. */
export function lower(graph: Graph, isKept: (node: OpNode) => boolean = () => false): Graph {
  const g = new GraphBuilder();
  const mapped = new Map<string, Value>();
  const mappedValue = (value: Value): Value => {
    const found = mapped.get(value.name);
    if (found === undefined) throw new GraphError(`expected ${value.name} to be made before it is read`);
    return found;
  };
  for (const input of graph.inputs) mapped.set(input.name, g.input(input.name, input.shape, input.dataType));
  for (const initializer of graph.initializers) {
    const { name, shape, dataType } = initializer.value;
    mapped.set(name, initializer.kind === "file" ? g.weight(name, initializer.location) : g.constant(initializer.numbers, shape, dataType));
  }
  for (const node of prune(graph).nodes) {
    const inputs = node.inputs.map(mappedValue);
    const outputs =
      isComposite(node.op) && !isKept(node) ? lowerings[node.op](g, inputs, node.attributes) : g.apply(node.op, inputs, node.attributes);
    node.outputs.forEach((output, i) => {
      const value = outputs[i];
      if (value !== undefined) mapped.set(output.name, value);
    });
  }
  for (const output of graph.outputs) g.output(output.name, mappedValue(output.value));
  return prune(g.build());
}

/** Without the nodes and initializers that no output needs. Inputs stay: they are what a run is fed. */
export function prune(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((output) => output.value.name));
  const nodes: OpNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output.name))) continue;
    for (const input of node.inputs) needed.add(input.name);
    nodes.push(node);
  }
  return { ...graph, nodes: nodes.reverse(), initializers: graph.initializers.filter(({ value }) => needed.has(value.name)) };
}
