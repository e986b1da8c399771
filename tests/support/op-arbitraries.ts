/** Random cases of every op: shapes that fit it, and attributes. */
import type { OpName, Shape } from "#app/graph/types.ts";
import { fc } from "#tests/support/properties.ts";
import type { OpCase } from "./op-cases.ts";

const dim = fc.integer({ min: 1, max: 4 });
const anyShape = fc.array(dim, { minLength: 1, maxLength: 4 });

const POSITIVE = [0.5, 2] as const;

function unary(op: OpName, range?: readonly [number, number]): fc.Arbitrary<OpCase> {
  return anyShape.map((shape) => ({ op, inputs: [shape], ...(range === undefined ? {} : { range }) }));
}

/** Two shapes that broadcast: axes cut off in front, others squeezed to 1. */
function broadcasting(op: OpName, range?: readonly [number, number]): fc.Arbitrary<OpCase> {
  const squeezed = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
  return fc.tuple(anyShape, squeezed, squeezed, fc.nat(4), fc.boolean()).map(([whole, a, b, cut, isSwapped]) => {
    const squeeze = (flags: readonly boolean[]): Shape => whole.map((size, i) => (flags[i] === true ? 1 : size));
    const pair = [squeeze(a), squeeze(b).slice(Math.min(cut, whole.length))];
    return { op, inputs: isSwapped ? pair.toReversed() : pair, ...(range === undefined ? {} : { range }) };
  });
}

function reducing(op: OpName): fc.Arbitrary<OpCase> {
  return anyShape.chain((shape) =>
    fc.tuple(fc.subarray([...shape.keys()], { minLength: 1 }), fc.constantFrom(0, 1), fc.boolean()).map(([axes, keepdims, isFromEnd]) => ({
      op,
      inputs: [shape],
      attributes: { axes: isFromEnd ? axes.map((axis) => axis - shape.length) : axes, keepdims },
    })),
  );
}

function sameShapes(op: OpName): fc.Arbitrary<OpCase> {
  return anyShape.map((shape) => ({ op, inputs: [shape, shape] }));
}

function rope(): fc.Arbitrary<OpCase> {
  return fc.tuple(dim, dim, dim, dim, fc.constantFrom(0, 1)).map(([batch, heads, length, half, inverse]) => ({
    op: "Rope",
    inputs: [
      [batch, heads, length, 2 * half],
      [batch, 1, length, half],
      [batch, 1, length, half],
    ],
    attributes: { inverse },
  }));
}

function attention(): fc.Arbitrary<OpCase> {
  return fc.tuple(dim, dim, dim, dim, dim, dim).map(([batch, kvHeads, group, queries, keys, depth]) => ({
    op: "Attention",
    inputs: [
      [batch, kvHeads * group, queries, depth],
      [batch, kvHeads, keys, depth],
      [batch, kvHeads, keys, depth],
      [batch, 1, 1, queries, keys],
    ],
  }));
}

function causalAttention(): fc.Arbitrary<OpCase> {
  return fc.tuple(dim, dim, dim, dim, dim, dim).map(([batch, kvHeads, group, length, depth, queryBlock]) => ({
    op: "CausalAttention",
    inputs: [
      [batch, kvHeads * group, length, depth],
      [batch, kvHeads, length, depth],
      [batch, kvHeads, length, depth],
      [batch, 1, 1, length, length],
    ],
    attributes: { queryBlock },
  }));
}

export const arbitraryCases: { readonly [Op in OpName]: fc.Arbitrary<OpCase> } = {
  Add: broadcasting("Add"),
  Sub: broadcasting("Sub"),
  Mul: broadcasting("Mul"),
  Div: broadcasting("Div", POSITIVE),
  Neg: unary("Neg"),
  Exp: unary("Exp"),
  Log: unary("Log", POSITIVE),
  Sqrt: unary("Sqrt", POSITIVE),
  Reciprocal: unary("Reciprocal", POSITIVE),
  Sigmoid: unary("Sigmoid"),
  Tanh: unary("Tanh"),
  Softplus: unary("Softplus"),
  Relu: unary("Relu"),
  Step: unary("Step"),
  Identity: unary("Identity"),
  Softmax: unary("Softmax"),
  Reshape: fc.tuple(dim, dim, dim).map(([a, b, c]) => ({ op: "Reshape", inputs: [[a, b * c]], attributes: { shape: [a * b, 1, c] } })),
  Transpose: anyShape.chain((shape) =>
    fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((perm) => ({ op: "Transpose", inputs: [shape], attributes: { perm } })),
  ),
  Expand: fc.tuple(anyShape, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(4)).map(([shape, flags, cut]) => ({
    op: "Expand",
    inputs: [shape.map((size, i) => (flags[i] === true ? 1 : size)).slice(Math.min(cut, shape.length - 1))],
    attributes: { shape },
  })),
  Concat: fc.tuple(anyShape, fc.array(dim, { minLength: 1, maxLength: 3 }), fc.nat(3)).map(([shape, sizes, at]) => ({
    op: "Concat",
    inputs: sizes.map((size) => shape.with(at % shape.length, size)),
    attributes: { axis: at % shape.length },
  })),
  Slice: fc.tuple(anyShape, fc.nat(3), dim, dim, dim).map(([shape, at, before, kept, after]) => {
    const axis = at % shape.length;
    return {
      op: "Slice",
      inputs: [shape.with(axis, before - 1 + kept + after - 1)],
      attributes: { axis, start: before - 1, end: before - 1 + kept },
    };
  }),
  ReduceSum: reducing("ReduceSum"),
  ReduceMean: reducing("ReduceMean"),
  ReduceMax: reducing("ReduceMax"),
  ReduceLogSumExp: reducing("ReduceLogSumExp"),
  MatMul: fc.tuple(fc.array(dim, { maxLength: 2 }), dim, dim, dim, fc.boolean()).map(([batch, m, k, n, isShared]) => ({
    op: "MatMul",
    inputs: [
      [...batch, m, k],
      [...(isShared ? [] : batch), k, n],
    ],
  })),
  Gemm: fc.tuple(dim, dim, dim, fc.constantFrom(0, 1), fc.constantFrom(0, 1), fc.constantFrom(1, -0.5)).map(([m, k, n, transA, transB, alpha]) => ({
    op: "Gemm",
    inputs: [transA === 1 ? [k, m] : [m, k], transB === 1 ? [n, k] : [k, n]],
    attributes: { transA, transB, alpha },
  })),
  Gather: fc.tuple(dim, dim, anyShape).map(([rows, columns, indices]) => ({
    op: "Gather",
    inputs: [[rows, columns], indices],
    indices: { input: 1, below: rows },
  })),
  ScatterRows: fc.tuple(dim, dim, dim).map(([count, columns, rowCount]) => ({
    op: "ScatterRows",
    inputs: [[count, columns], [count]],
    attributes: { rowCount },
    indices: { input: 1, below: rowCount },
  })),
  PutRows: fc.tuple(dim, dim, fc.nat(3)).map(([count, columns, more]) => ({
    op: "PutRows",
    inputs: [[count + more, columns], [count, columns], [count]],
    indices: { input: 2, below: count + more, areDistinct: true },
  })),
  TopK: fc.tuple(dim, dim, fc.nat(3)).map(([rows, k, more]) => ({ op: "TopK", inputs: [[rows, k + more]], attributes: { k } })),
  QuantisedGemm: fc.tuple(dim, fc.integer({ min: 1, max: 70 }), dim).map(([m, k, n]) => ({
    op: "QuantisedGemm",
    inputs: [[m, k], [n, Math.ceil(k / 32), 32], [n * Math.ceil(k / 32)]],
    bytes: 1,
    range: [-0.05, 0.05],
    attributes: { accuracyLevel: 0 },
  })),
  RmsNorm: anyShape.map((shape) => ({ op: "RmsNorm", inputs: [shape, shape.slice(-1)], attributes: { epsilon: 1e-2 } })),
  Rope: rope(),
  Attention: attention(),
  CausalAttention: causalAttention(),
  SwiGlu: sameShapes("SwiGlu"),
  GeGlu: sameShapes("GeGlu"),
  TokenLogp: fc.tuple(dim, dim, dim).map(([rows, width, vocabulary]) => ({
    op: "TokenLogp",
    inputs: [[rows, width], [vocabulary, width], [rows]],
    indices: { input: 2, below: vocabulary },
  })),
};
