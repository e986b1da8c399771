/** The op table: for each op what its outputs are, given its inputs and attributes. A missing row does not compile. */
import { GraphError } from "#app/base/errors.ts";
import { queryBlocks } from "./query-blocks.ts";
import {
  broadcastShape,
  dimOf,
  elementCount,
  inputAt,
  intAttribute,
  intsAttribute,
  requireRank,
  requireShape,
  sliceBounds,
  shapeText,
} from "./shapes.ts";
import type { Attributes, DataType, OpName, Shape, Value } from "./types.ts";

export type OutputSpec = { readonly shape: Shape; readonly dataType: DataType };

export type ShapeRule = (inputs: readonly Value[], attributes: Attributes) => readonly OutputSpec[];

const float = (shape: Shape): readonly OutputSpec[] => [{ shape, dataType: "float32" }];

function elementwise(op: string): ShapeRule {
  return (inputs) => float(inputAt(op, inputs, 0).shape);
}

function broadcasting(op: string): ShapeRule {
  return (inputs) => float(broadcastShape(op, inputAt(op, inputs, 0).shape, inputAt(op, inputs, 1).shape));
}

/** Reduces `axes`; `keepdims` 1 (the default) leaves them as 1. */
function reducing(op: string): ShapeRule {
  return (inputs, attributes) => {
    const { shape } = inputAt(op, inputs, 0);
    const axes = new Set(intsAttribute(op, attributes, "axes").map((axis) => (axis < 0 ? axis + shape.length : axis)));
    const keeps = intAttribute(op, attributes, "keepdims", 1) === 1;
    return float(keeps ? shape.map((dim, i) => (axes.has(i) ? 1 : dim)) : shape.filter((_, i) => !axes.has(i)));
  };
}

/** Y = alpha · op(A) op(B), 2-D. */
function gemm(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const [a, b] = [inputAt("Gemm", inputs, 0), inputAt("Gemm", inputs, 1)];
  requireRank("Gemm", a, 2);
  requireRank("Gemm", b, 2);
  const transA = intAttribute("Gemm", attributes, "transA", 0);
  const transB = intAttribute("Gemm", attributes, "transB", 0);
  const [m, k] = [dimOf(a.shape, transA), dimOf(a.shape, 1 - transA)];
  const [kb, n] = [dimOf(b.shape, transB), dimOf(b.shape, 1 - transB)];
  if (k !== kb)
    throw new GraphError(
      `Gemm: expected inner sizes that agree, got ${shapeText(a.shape)} and ${shapeText(b.shape)} (transA ${transA}, transB ${transB})`,
    );
  return float([m, n]);
}

function matMul(inputs: readonly Value[]): readonly OutputSpec[] {
  const [a, b] = [inputAt("MatMul", inputs, 0).shape, inputAt("MatMul", inputs, 1).shape];
  if (dimOf(a, -1) !== dimOf(b, -2)) throw new GraphError(`MatMul: expected inner sizes that agree, got ${shapeText(a)} and ${shapeText(b)}`);
  return float([...broadcastShape("MatMul", a.slice(0, -2), b.slice(0, -2)), dimOf(a, -2), dimOf(b, -1)]);
}

function reshape(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const input = inputAt("Reshape", inputs, 0);
  const shape = intsAttribute("Reshape", attributes, "shape");
  if (elementCount(shape) !== elementCount(input.shape))
    throw new GraphError(`Reshape: expected ${elementCount(input.shape)} elements as in ${shapeText(input.shape)}, got ${shapeText(shape)}`);
  return [{ shape, dataType: input.dataType }];
}

function transpose(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const { shape } = inputAt("Transpose", inputs, 0);
  const perm = intsAttribute("Transpose", attributes, "perm");
  if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== shape.length)
    throw new GraphError(`Transpose: expected an order of the axes of ${shapeText(shape)}, got ${shapeText(perm)}`);
  return float(perm.map((axis) => dimOf(shape, axis)));
}

function expand(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const shape = intsAttribute("Expand", attributes, "shape");
  requireShape("Expand", { ...inputAt("Expand", inputs, 0), shape: broadcastShape("Expand", inputAt("Expand", inputs, 0).shape, shape) }, shape);
  return float(shape);
}

function concat(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const axis = intAttribute("Concat", attributes, "axis");
  const { shape } = inputAt("Concat", inputs, 0);
  for (const input of inputs) requireShape("Concat", { ...input, shape: input.shape.with(axis, 0) }, shape.with(axis, 0));
  return float(
    shape.with(
      axis,
      inputs.reduce((sum, input) => sum + dimOf(input.shape, axis), 0),
    ),
  );
}

/** Rows `start` to `end` (not included) of one axis. */
function slice(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const { shape } = inputAt("Slice", inputs, 0);
  const { axis, start, end } = sliceBounds(attributes);
  if (start < 0 || end <= start || end > dimOf(shape, axis))
    throw new GraphError(`Slice: expected 0 ≤ start < end ≤ size in ${shapeText(shape)}, got ${start} to ${end} on axis ${axis}`);
  return float(shape.with(axis, end - start));
}

/** Rows of a table [n, ...] at int64 indices of any shape. */
function gather(inputs: readonly Value[]): readonly OutputSpec[] {
  const [table, indices] = [inputAt("Gather", inputs, 0), inputAt("Gather", inputs, 1)];
  if (indices.dataType !== "int64") throw new GraphError(`Gather: expected int64 indices, got ${indices.dataType} in ${indices.name}`);
  return float([...indices.shape, ...table.shape.slice(1)]);
}

/** Adds rows [m, h] to a zero table [rowCount, h] at indices [m]; equal indices add up. The gradient of Gather. */
function scatterRows(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const [rows, indices] = [inputAt("ScatterRows", inputs, 0), inputAt("ScatterRows", inputs, 1)];
  requireRank("ScatterRows", rows, 2);
  requireShape("ScatterRows", indices, rows.shape.slice(0, 1));
  return float([intAttribute("ScatterRows", attributes, "rowCount"), dimOf(rows.shape, 1)]);
}

/** A table [n, h] with rows [m, h] in the places of those at indices [m], which differ from each other. */
function putRows(inputs: readonly Value[]): readonly OutputSpec[] {
  const [table, rows, indices] = [inputAt("PutRows", inputs, 0), inputAt("PutRows", inputs, 1), inputAt("PutRows", inputs, 2)];
  requireRank("PutRows", table, 2);
  requireShape("PutRows", rows, [dimOf(indices.shape, 0), dimOf(table.shape, 1)]);
  if (indices.dataType !== "int64") throw new GraphError(`PutRows: expected int64 indices, got ${indices.dataType} in ${indices.name}`);
  requireRank("PutRows", indices, 1);
  return float(table.shape);
}

function topK(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const { shape } = inputAt("TopK", inputs, 0);
  const k = intAttribute("TopK", attributes, "k");
  if (k < 1 || k > dimOf(shape, -1)) throw new GraphError(`TopK: expected 1 ≤ k ≤ ${dimOf(shape, -1)}, got ${k}`);
  const out = [...shape.slice(0, -1), k];
  return [
    { shape: out, dataType: "float32" },
    { shape: out, dataType: "int64" },
  ];
}

/** Weights that share a scale in 8 bits. */
export const QUANTISED_BLOCK = 32;
/** The code of 0. */
export const QUANTISED_ZERO = 128;

/**
 * (x [m, k], codes [n, blocks, 32] uint8, scales [n · blocks]) -> x Wᵀ [m, n] with W = (code − 128) · scale, blocks along k,
 * the last one padded. `accuracyLevel` 4 computes with x in 8 bits too, 0 in float32.
 */
function quantisedGemm(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const [x, codes, scales] = [0, 1, 2].map((i) => inputAt("QuantisedGemm", inputs, i));
  if (x === undefined || codes === undefined || scales === undefined) throw new GraphError("QuantisedGemm: expected x, codes and scales");
  requireRank("QuantisedGemm", x, 2);
  if (codes.dataType !== "uint8") throw new GraphError(`QuantisedGemm: expected uint8 codes, got ${codes.dataType} in ${codes.name}`);
  const level = intAttribute("QuantisedGemm", attributes, "accuracyLevel");
  if (level !== 0 && level !== 4) throw new GraphError(`QuantisedGemm: expected the accuracy level 0 or 4, got ${level}`);
  const [m, k] = [dimOf(x.shape, 0), dimOf(x.shape, 1)];
  const [n, blocks] = [dimOf(codes.shape, 0), Math.ceil(k / QUANTISED_BLOCK)];
  requireShape("QuantisedGemm", codes, [n, blocks, QUANTISED_BLOCK]);
  requireShape("QuantisedGemm", scales, [n * blocks]);
  return float([m, n]);
}

/** (x [..., h], weight [h]) -> y [..., h] and 1 / rms [..., 1]. */
function rmsNorm(inputs: readonly Value[]): readonly OutputSpec[] {
  const [x, weight] = [inputAt("RmsNorm", inputs, 0), inputAt("RmsNorm", inputs, 1)];
  requireShape("RmsNorm", weight, x.shape.slice(-1));
  return [...float(x.shape), ...float([...x.shape.slice(0, -1), 1])];
}

/** (x [b, heads, s, d], cos and sin [b, 1, s, d/2]) -> x turned. */
function rope(inputs: readonly Value[]): readonly OutputSpec[] {
  const [x, cos, sin] = [inputAt("Rope", inputs, 0), inputAt("Rope", inputs, 1), inputAt("Rope", inputs, 2)];
  requireRank("Rope", x, 4);
  const table = [dimOf(x.shape, 0), 1, dimOf(x.shape, 2), dimOf(x.shape, 3) / 2];
  requireShape("Rope", cos, table);
  requireShape("Rope", sin, table);
  return float(x.shape);
}

/** (q [b, kv·g, s, d], k and v [b, kv, t, d], mask [b, 1, 1, s, t]) -> output [b, kv·g, s, d] and probabilities [b, kv, g·s, t]. */
function attention(inputs: readonly Value[]): readonly OutputSpec[] {
  const [q, k, v, mask] = [0, 1, 2, 3].map((i) => inputAt("Attention", inputs, i));
  if (q === undefined || k === undefined || v === undefined || mask === undefined) throw new GraphError("Attention: expected q, k, v and a mask");
  requireRank("Attention", q, 4);
  requireRank("Attention", k, 4);
  requireShape("Attention", v, k.shape);
  const [batch, heads, queries] = [dimOf(q.shape, 0), dimOf(q.shape, 1), dimOf(q.shape, 2)];
  const [kvHeads, keys] = [dimOf(k.shape, 1), dimOf(k.shape, 2)];
  if (heads % kvHeads !== 0)
    throw new GraphError(`Attention: expected heads that are a multiple of the key-value heads, got ${heads} and ${kvHeads}`);
  requireShape("Attention", mask, [batch, 1, 1, queries, keys]);
  return [...float(q.shape), ...float([batch, kvHeads, (heads / kvHeads) * queries, keys])];
}

/**
 * (q [b, kv·g, s, d], k and v [b, kv, s, d], mask [b, 1, 1, s, s]) -> output [b, kv·g, s, d] and of each block of queries
 * the probabilities of keys up to its end, [b, kv, g·(end − start), end].
 */
function causalAttention(inputs: readonly Value[], attributes: Attributes): readonly OutputSpec[] {
  const [q, k] = [inputAt("CausalAttention", inputs, 0), inputAt("CausalAttention", inputs, 1)];
  const [output] = attention(inputs);
  if (output === undefined || dimOf(q.shape, 2) !== dimOf(k.shape, 2))
    throw new GraphError(`CausalAttention: expected as many queries as keys, got ${shapeText(q.shape)} and ${shapeText(k.shape)}`);
  const [batch, kvHeads] = [dimOf(k.shape, 0), dimOf(k.shape, 1)];
  const group = dimOf(q.shape, 1) / kvHeads;
  return [output, ...queryBlocks(q, attributes).flatMap(({ start, end }) => float([batch, kvHeads, group * (end - start), end]))];
}

/**
 * (hidden [n, h], table [v, h], ids [n]) -> log-probability [n, 1], exponentials of the logits less the largest of their
 * row [n, v], sums of these [n, 1].
 */
function tokenLogp(inputs: readonly Value[]): readonly OutputSpec[] {
  const [hidden, table, ids] = [inputAt("TokenLogp", inputs, 0), inputAt("TokenLogp", inputs, 1), inputAt("TokenLogp", inputs, 2)];
  requireRank("TokenLogp", hidden, 2);
  requireShape("TokenLogp", table, [dimOf(table.shape, 0), dimOf(hidden.shape, 1)]);
  requireShape("TokenLogp", ids, hidden.shape.slice(0, 1));
  const rows = dimOf(hidden.shape, 0);
  return [...float([rows, 1]), ...float([rows, dimOf(table.shape, 0)]), ...float([rows, 1])];
}

export const opTable: { readonly [Op in OpName]: ShapeRule } = {
  Add: broadcasting("Add"),
  Sub: broadcasting("Sub"),
  Mul: broadcasting("Mul"),
  Div: broadcasting("Div"),
  Neg: elementwise("Neg"),
  Exp: elementwise("Exp"),
  Log: elementwise("Log"),
  Sqrt: elementwise("Sqrt"),
  Reciprocal: elementwise("Reciprocal"),
  Sigmoid: elementwise("Sigmoid"),
  Tanh: elementwise("Tanh"),
  Softplus: elementwise("Softplus"),
  Relu: elementwise("Relu"),
  /** 1 where x > 0, else 0. */
  Step: elementwise("Step"),
  Reshape: reshape,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Slice: slice,
  ReduceSum: reducing("ReduceSum"),
  ReduceMean: reducing("ReduceMean"),
  ReduceMax: reducing("ReduceMax"),
  ReduceLogSumExp: reducing("ReduceLogSumExp"),
  Softmax: elementwise("Softmax"),
  MatMul: matMul,
  Gemm: gemm,
  Gather: gather,
  ScatterRows: scatterRows,
  PutRows: putRows,
  TopK: topK,
  QuantisedGemm: quantisedGemm,
  Identity: (inputs) => [{ shape: inputAt("Identity", inputs, 0).shape, dataType: inputAt("Identity", inputs, 0).dataType }],
  RmsNorm: rmsNorm,
  Rope: rope,
  Attention: attention,
  CausalAttention: causalAttention,
  SwiGlu: broadcasting("SwiGlu"),
  GeGlu: broadcasting("GeGlu"),
  TokenLogp: tokenLogp,
};
