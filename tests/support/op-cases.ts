/** A small graph for every op, with inputs of awkward sizes: the table that the tests of graph and gradients walk. */
import { rngFor, shuffled } from "#app/base/random.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { Attributes, Graph, OpName, Shape } from "#app/graph/types.ts";

export type OpCase = {
  readonly op: OpName;
  readonly inputs: readonly Shape[];
  readonly attributes?: Attributes;
  /** Inputs that hold row indices below this number. */
  readonly indices?: { readonly input: number; readonly below: number; readonly areDistinct?: boolean };
  /** The input that holds codes of one byte. */
  readonly bytes?: number;
  /** Inputs are drawn from [low, high). */
  readonly range?: readonly [number, number];
  /** Positions of inputs that have a gradient; all but indices without it. */
  readonly differentiable?: readonly number[];
};

const unary = (op: OpName, range?: readonly [number, number]): OpCase => ({ op, inputs: [[3, 5]], ...(range === undefined ? {} : { range }) });
const binary = (op: OpName, range?: readonly [number, number]): readonly OpCase[] => [
  {
    op,
    inputs: [
      [2, 3],
      [2, 3],
    ],
    ...(range === undefined ? {} : { range }),
  },
  {
    op,
    inputs: [
      [2, 4, 3],
      [4, 1],
    ],
    ...(range === undefined ? {} : { range }),
  },
  { op, inputs: [[], [2, 3]], ...(range === undefined ? {} : { range }) },
];
const reducing = (op: OpName): readonly OpCase[] => [
  { op, inputs: [[2, 3, 4]], attributes: { axes: [1], keepdims: 1 } },
  { op, inputs: [[2, 3, 4]], attributes: { axes: [0, -1], keepdims: 0 } },
  { op, inputs: [[5]], attributes: { axes: [0], keepdims: 0 } },
];

export const opCases: readonly OpCase[] = [
  ...(["Add", "Sub", "Mul"] as const).flatMap((op) => binary(op)),
  ...binary("Div", [0.5, 2]),
  unary("Neg"),
  unary("Exp"),
  unary("Log", [0.1, 3]),
  unary("Sqrt", [0.5, 2]),
  unary("Reciprocal", [0.5, 2]),
  unary("Sigmoid", [-4, 4]),
  unary("Tanh", [-4, 4]),
  unary("Softplus", [-30, 30]),
  unary("Softplus"),
  unary("Relu"),
  { ...unary("Step"), differentiable: [] },
  unary("Identity"),
  unary("Softmax"),
  { op: "Reshape", inputs: [[3, 4]], attributes: { shape: [2, 6] } },
  { op: "Transpose", inputs: [[2, 3, 4]], attributes: { perm: [2, 0, 1] } },
  { op: "Expand", inputs: [[3, 1]], attributes: { shape: [2, 3, 4] } },
  {
    op: "Concat",
    inputs: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    attributes: { axis: 1 },
  },
  { op: "Slice", inputs: [[2, 5, 3]], attributes: { axis: 1, start: 1, end: 4 } },
  { op: "Slice", inputs: [[4, 2]], attributes: { axis: 0, start: 0, end: 4 } },
  ...reducing("ReduceSum"),
  ...reducing("ReduceMean"),
  ...reducing("ReduceMax"),
  ...reducing("ReduceLogSumExp"),
  {
    op: "MatMul",
    inputs: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    op: "MatMul",
    inputs: [
      [2, 3, 4, 5],
      [2, 3, 5, 2],
    ],
  },
  {
    op: "MatMul",
    inputs: [
      [3, 4, 5],
      [5, 2],
    ],
  },
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB): OpCase => ({
      op: "Gemm",
      inputs: [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2]],
      attributes: { transA, transB, alpha: 0.5 },
    })),
  ),
  { op: "Gather", inputs: [[5, 3], [4]], indices: { input: 1, below: 5 } },
  { op: "ScatterRows", inputs: [[4, 3], [4]], attributes: { rowCount: 5 }, indices: { input: 1, below: 5 } },
  { op: "PutRows", inputs: [[5, 3], [3, 3], [3]], indices: { input: 2, below: 5, areDistinct: true }, differentiable: [] },
  { op: "TopK", inputs: [[3, 7]], attributes: { k: 3 }, differentiable: [] },
  { op: "QuantisedGemm", inputs: [[3, 40], [5, 2, 32], [10]], bytes: 1, range: [-0.05, 0.05], attributes: { accuracyLevel: 0 }, differentiable: [] },
  { op: "RmsNorm", inputs: [[2, 3, 4], [4]], attributes: { epsilon: 1e-5 } },
  {
    op: "Rope",
    inputs: [
      [2, 3, 4, 6],
      [2, 1, 4, 3],
      [2, 1, 4, 3],
    ],
    attributes: { inverse: 0 },
    differentiable: [0],
  },
  {
    op: "Rope",
    inputs: [
      [2, 3, 4, 6],
      [2, 1, 4, 3],
      [2, 1, 4, 3],
    ],
    attributes: { inverse: 1 },
    differentiable: [0],
  },
  {
    op: "Attention",
    inputs: [
      [2, 4, 3, 2],
      [2, 2, 5, 2],
      [2, 2, 5, 2],
      [2, 1, 1, 3, 5],
    ],
    differentiable: [0, 1, 2],
  },
  {
    op: "CausalAttention",
    inputs: [
      [2, 4, 5, 2],
      [2, 2, 5, 2],
      [2, 2, 5, 2],
      [2, 1, 1, 5, 5],
    ],
    attributes: { queryBlock: 2 },
    differentiable: [0, 1, 2],
  },
  {
    op: "CausalAttention",
    inputs: [
      [1, 2, 3, 2],
      [1, 1, 3, 2],
      [1, 1, 3, 2],
      [1, 1, 1, 3, 3],
    ],
    attributes: { queryBlock: 4 },
    differentiable: [0, 1, 2],
  },
  {
    op: "SwiGlu",
    inputs: [
      [3, 5],
      [3, 5],
    ],
  },
  {
    op: "GeGlu",
    inputs: [
      [3, 5],
      [3, 5],
    ],
    range: [-3, 3],
  },
  { op: "TokenLogp", inputs: [[4, 3], [6, 3], [4]], indices: { input: 2, below: 6 } },
];

export function caseName(opCase: OpCase): string {
  return `${opCase.op} ${opCase.inputs.map((shape) => `[${shape.join(",")}]`).join(" ")} ${JSON.stringify(opCase.attributes ?? {})}`;
}

/** A graph of the one op, all its outputs under the names y0, y1, ...; inputs x0, x1, ... */
export function graphOf(opCase: OpCase): Graph {
  const g = new GraphBuilder();
  const inputs = opCase.inputs.map((shape, i) =>
    g.input(`x${i}`, shape, opCase.indices?.input === i ? "int64" : opCase.bytes === i ? "uint8" : "float32"),
  );
  g.apply(opCase.op, inputs, opCase.attributes ?? {}).forEach((output, i) => {
    g.output(`y${i}`, output);
  });
  return g.build();
}

/** Numbers that float32 holds exactly, so that rounding of inputs is no part of a difference. */
export function feedsOf(opCase: OpCase, seed: number): Map<string, Tensor> {
  const [low, high] = opCase.range ?? [-1, 1];
  return new Map(
    opCase.inputs.map((shape, i) => {
      const rng = rngFor(seed, opCase.op, i);
      if (opCase.indices?.input === i && opCase.indices.areDistinct === true) {
        const all = Array.from({ length: opCase.indices.below }, (_, row) => row);
        return [`x${i}`, tensor(shape, shuffled(all, rng).slice(0, elementCount(shape)))];
      }
      const below = opCase.indices?.input === i ? opCase.indices.below : opCase.bytes === i ? 256 : undefined;
      return [
        `x${i}`,
        tensor(
          shape,
          Array.from({ length: elementCount(shape) }, () => (below === undefined ? Math.fround(low + rng.next() * (high - low)) : rng.below(below))),
        ),
      ];
    }),
  );
}

export function differentiableInputs(opCase: OpCase): readonly number[] {
  return opCase.differentiable ?? opCase.inputs.flatMap((_, i) => (opCase.indices?.input === i ? [] : [i]));
}
