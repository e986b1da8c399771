/** Gradients of the portable ops, one row an op. */
import { GraphError } from "#app/base/errors.ts";
import { dimOf, intAttribute, intsAttribute, shapeText, sliceBounds } from "#app/graph/shapes.ts";
import type { PortableOp, Shape } from "#app/graph/types.ts";
import { type GradientCall, type GradientRule, inputOf, outputOf, spread, unbroadcast } from "./gradient-rule.ts";

/** The shape of a reduction's output with the reduced axes as 1. */
function reducedShape(call: GradientCall): Shape {
  const { shape } = inputOf(call, 0);
  const axes = new Set(intsAttribute(call.node.op, call.node.attributes, "axes").map((axis) => (axis < 0 ? axis + shape.length : axis)));
  return shape.map((dim, i) => (axes.has(i) ? 1 : dim));
}

const reduceSum: GradientRule = (call) => [spread(call.g, call.dy, reducedShape(call), inputOf(call, 0).shape)];

const reduceMean: GradientRule = (call) => {
  const reduced = reducedShape(call);
  const { shape } = inputOf(call, 0);
  const count = shape.reduce((product, dim, i) => product * (dim / dimOf(reduced, i)), 1);
  return [spread(call.g, call.g.scale(call.dy, 1 / count), reduced, shape)];
};

/** To each number that is as large as the largest. */
const reduceMax: GradientRule = (call) => {
  const { g, dy } = call;
  const [x, y] = [inputOf(call, 0), outputOf(call, 0)];
  const reduced = reducedShape(call);
  const isSmaller = g.one("Step", [g.sub(spread(g, y, reduced, x.shape), x)]);
  return [g.mul(g.sub(g.constant([1]), isSmaller), spread(g, dy, reduced, x.shape))];
};

const reduceLogSumExp: GradientRule = (call) => {
  const { g, dy } = call;
  const [x, y] = [inputOf(call, 0), outputOf(call, 0)];
  const reduced = reducedShape(call);
  return [g.mul(g.one("Exp", [g.sub(x, spread(g, y, reduced, x.shape))]), spread(g, dy, reduced, x.shape))];
};

const gemm: GradientRule = (call) => {
  const { g, dy, node } = call;
  const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
  const transA = intAttribute("Gemm", node.attributes, "transA", 0) === 1;
  const transB = intAttribute("Gemm", node.attributes, "transB", 0) === 1;
  const alpha = typeof node.attributes["alpha"] === "number" ? node.attributes["alpha"] : 1;
  return [
    call.needs(0) ? (transA ? g.gemm(b, dy, { transA: transB, transB: true, alpha }) : g.gemm(dy, b, { transB: !transB, alpha })) : undefined,
    call.needs(1) ? (transB ? g.gemm(dy, a, { transA: true, transB: transA, alpha }) : g.gemm(a, dy, { transA: !transA, alpha })) : undefined,
  ];
};

const matMul: GradientRule = (call) => {
  const { g, dy } = call;
  const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
  return [
    call.needs(0) ? unbroadcast(g, g.matMul(dy, g.swapLast(b)), a.shape) : undefined,
    call.needs(1) ? unbroadcast(g, g.matMul(g.swapLast(a), dy), b.shape) : undefined,
  ];
};

const concat: GradientRule = (call) => {
  const axis = intAttribute("Concat", call.node.attributes, "axis");
  let start = 0;
  return call.node.inputs.map((input, i) => {
    const from = start;
    start += dimOf(input.shape, axis);
    return call.needs(i) ? call.g.slice(call.dy, axis, from, start) : undefined;
  });
};

/** Zeros on both sides of what was cut out. */
const slice: GradientRule = (call) => {
  const { g, dy, node } = call;
  const { shape } = inputOf(call, 0);
  const { axis, start, end } = sliceBounds(node.attributes);
  const zeros = (size: number) => (size === 0 ? [] : [g.one("Expand", [g.constant([0])], { shape: shape.with(axis, size) })]);
  const parts = [...zeros(start), dy, ...zeros(dimOf(shape, axis) - end)];
  return [parts.length === 1 ? dy : g.concat(parts, axis)];
};

/** Rows of a 2-D table at indices of any shape. */
const gather: GradientRule = (call) => {
  const { g, dy } = call;
  const [table, indices] = [inputOf(call, 0), inputOf(call, 1)];
  const count = indices.shape.reduce((product, dim) => product * dim, 1);
  if (table.shape.length !== 2) throw new GraphError(`Gather: expected a 2-D table for a gradient, got ${shapeText(table.shape)}`);
  if (indices.shape.length !== 1) throw new GraphError(`Gather: expected a list of indices for a gradient, got ${shapeText(indices.shape)}`);
  return [g.one("ScatterRows", [g.reshape(dy, [count, dimOf(table.shape, 1)]), indices], { rowCount: dimOf(table.shape, 0) })];
};

/** dx = y · (dy − Σ dy·y) along the last axis. */
const softmax: GradientRule = (call) => {
  const { g, dy } = call;
  const y = outputOf(call, 0);
  return [g.mul(y, g.sub(dy, g.sum(g.mul(dy, y), [y.shape.length - 1])))];
};

export const portableRules: { readonly [Op in PortableOp]: GradientRule | null } = {
  Add: (call) => [
    call.needs(0) ? unbroadcast(call.g, call.dy, inputOf(call, 0).shape) : undefined,
    call.needs(1) ? unbroadcast(call.g, call.dy, inputOf(call, 1).shape) : undefined,
  ],
  Sub: (call) => [
    call.needs(0) ? unbroadcast(call.g, call.dy, inputOf(call, 0).shape) : undefined,
    call.needs(1) ? unbroadcast(call.g, call.g.neg(call.dy), inputOf(call, 1).shape) : undefined,
  ],
  Mul: (call) => [
    call.needs(0) ? unbroadcast(call.g, call.g.mul(call.dy, inputOf(call, 1)), inputOf(call, 0).shape) : undefined,
    call.needs(1) ? unbroadcast(call.g, call.g.mul(call.dy, inputOf(call, 0)), inputOf(call, 1).shape) : undefined,
  ],
  Div: (call) => {
    const { g, dy } = call;
    const [a, b] = [inputOf(call, 0), inputOf(call, 1)];
    return [
      call.needs(0) ? unbroadcast(g, g.one("Div", [dy, b]), a.shape) : undefined,
      // d(a/b)/db = −(a/b)/b
      call.needs(1) ? unbroadcast(g, g.neg(g.one("Div", [g.mul(dy, outputOf(call, 0)), b])), b.shape) : undefined,
    ];
  },
  Neg: (call) => [call.g.neg(call.dy)],
  Exp: (call) => [call.g.mul(call.dy, outputOf(call, 0))],
  Log: (call) => [call.g.one("Div", [call.dy, inputOf(call, 0)])],
  Sqrt: (call) => [call.g.one("Div", [call.g.scale(call.dy, 0.5), outputOf(call, 0)])],
  Reciprocal: (call) => [call.g.neg(call.g.mul(call.dy, call.g.mul(outputOf(call, 0), outputOf(call, 0))))],
  Sigmoid: (call) => {
    const { g, dy } = call;
    const y = outputOf(call, 0);
    return [g.mul(dy, g.sub(y, g.mul(y, y)))];
  },
  Tanh: (call) => [call.g.mul(call.dy, call.g.sub(call.g.constant([1]), call.g.mul(outputOf(call, 0), outputOf(call, 0))))],
  Softplus: (call) => [call.g.mul(call.dy, call.g.one("Sigmoid", [inputOf(call, 0)]))],
  Relu: (call) => [call.g.mul(call.dy, call.g.one("Step", [inputOf(call, 0)]))],
  // The slope of Relu; nothing is differentiated twice.
  Step: null,
  Reshape: (call) => [call.g.reshape(call.dy, inputOf(call, 0).shape)],
  Transpose: (call) => {
    const perm = intsAttribute("Transpose", call.node.attributes, "perm");
    return [
      call.g.transpose(
        call.dy,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
  Expand: (call) => [unbroadcast(call.g, call.dy, inputOf(call, 0).shape)],
  Concat: concat,
  Slice: slice,
  ReduceSum: reduceSum,
  ReduceMean: reduceMean,
  ReduceMax: reduceMax,
  ReduceLogSumExp: reduceLogSumExp,
  Softmax: softmax,
  MatMul: matMul,
  Gemm: gemm,
  Gather: gather,
  ScatterRows: (call) => [call.g.one("Gather", [call.dy, inputOf(call, 1)])],
  // Only decoding keeps caches; no loss is built on one.
  PutRows: null,
  // Only decoding looks for the largest; no loss is built on it.
  TopK: null,
  // Only decoding runs on quantised weights; training has them in float32.
  QuantisedGemm: null,
  Identity: (call) => [call.dy],
};
