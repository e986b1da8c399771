/** Turns the portable ops of a graph into ONNX nodes: attributes that ONNX wants as inputs become constants. */
import { GraphError } from "#app/base/errors.ts";
import { elementCount, intAttribute, intsAttribute, sliceBounds } from "../shapes.ts";
import type { Graph, Initializer, OpNode, PortableOp } from "../types.ts";
import { isComposite } from "../lower.ts";

export type OnnxAttribute =
  | { readonly name: string; readonly kind: "float"; readonly value: number }
  | { readonly name: string; readonly kind: "int"; readonly value: number }
  | { readonly name: string; readonly kind: "string"; readonly value: string }
  | { readonly name: string; readonly kind: "ints"; readonly value: readonly number[] };

export type OnnxNode = {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
};

/** Hands out the name of a constant int64 list. */
type Integers = (numbers: readonly number[]) => string;

/** ONNX's number for float32. */
const ONNX_FLOAT = 1;

type Spelling = (node: OpNode, integers: Integers) => readonly OnnxNode[];

function plain(node: OpNode, attributes: readonly OnnxAttribute[] = [], moreInputs: readonly string[] = []): readonly OnnxNode[] {
  return [
    {
      opType: node.op,
      inputs: [...node.inputs.map((input) => input.name), ...moreInputs],
      outputs: node.outputs.map((output) => output.name),
      attributes,
    },
  ];
}

const same: Spelling = (node) => plain(node);

const reducing: Spelling = (node, integers) =>
  plain(node, [int("keepdims", intAttribute(node.op, node.attributes, "keepdims", 1))], [integers(intsAttribute(node.op, node.attributes, "axes"))]);

const shaped: Spelling = (node, integers) => plain(node, [], [integers(intsAttribute(node.op, node.attributes, "shape"))]);

/** x > 0 as a number. */
const step: Spelling = (node) => {
  const [x] = node.inputs;
  const [output] = node.outputs;
  if (x === undefined || output === undefined) throw new GraphError("Step: expected an input and an output");
  const [zero, isPositive] = [`${output.name}_zero`, `${output.name}_is_positive`];
  return [
    { opType: "Sub", inputs: [x.name, x.name], outputs: [zero], attributes: [] },
    { opType: "Greater", inputs: [x.name, zero], outputs: [isPositive], attributes: [] },
    { opType: "Cast", inputs: [isPositive], outputs: [output.name], attributes: [int("to", ONNX_FLOAT)] },
  ];
};

/** Numbers that are summed one after the other at most: a divisor of `count` near its root, 1 if there is none. */
function blockOf(count: number): number {
  for (let size = Math.floor(Math.sqrt(count)); size > 1; size--) if (count % size === 0) return size;
  return 1;
}

/** Where a sum of so many loses no more than float32 loses anyway. */
const LONG_SUM = 1024;

/**
 * ONNX Runtime adds up exponentials one after the other in float32: over a vocabulary of 49,152 log-probabilities come out
 * wrong by 2e-4. In blocks, and then over the blocks, they are right to a tenth of that.
 */
const logSumExp: Spelling = (node, integers) => {
  const [x] = node.inputs;
  const [output] = node.outputs;
  if (x === undefined || output === undefined) throw new GraphError("ReduceLogSumExp: expected an input and an output");
  const [axis, ...others] = intsAttribute(node.op, node.attributes, "axes");
  const last = x.shape.length - 1;
  const count = x.shape[last] ?? 1;
  const block = others.length === 0 && (axis === last || axis === -1) && count > LONG_SUM ? blockOf(count) : 1;
  if (block === 1) return reducing(node, integers);
  const [blocks, parts] = [`${output.name}_blocks`, `${output.name}_parts`];
  const keepdims = int("keepdims", intAttribute(node.op, node.attributes, "keepdims", 1));
  return [
    { opType: "Reshape", inputs: [x.name, integers([...x.shape.slice(0, last), count / block, block])], outputs: [blocks], attributes: [] },
    { opType: node.op, inputs: [blocks, integers([last + 1])], outputs: [parts], attributes: [int("keepdims", 0)] },
    { opType: node.op, inputs: [parts, integers([last])], outputs: [output.name], attributes: [keepdims] },
  ];
};

const scatterRows: Spelling = (node, integers) => {
  const [rows, indices] = node.inputs;
  const [output] = node.outputs;
  if (rows === undefined || indices === undefined || output === undefined) throw new GraphError("ScatterRows: expected rows and indices");
  const [zeros, column] = [`${output.name}_zeros`, `${output.name}_indices`];
  return [
    { opType: "ConstantOfShape", inputs: [integers(output.shape)], outputs: [zeros], attributes: [] },
    { opType: "Reshape", inputs: [indices.name, integers([elementCount(indices.shape), 1])], outputs: [column], attributes: [] },
    {
      opType: "ScatterND",
      inputs: [zeros, column, rows.name],
      outputs: [output.name],
      attributes: [{ name: "reduction", kind: "string", value: "add" }],
    },
  ];
};

const spellings: { readonly [Op in PortableOp]: Spelling } = {
  Add: same,
  Sub: same,
  Mul: same,
  Div: same,
  Neg: same,
  Exp: same,
  Log: same,
  Sqrt: same,
  Reciprocal: same,
  Sigmoid: same,
  Tanh: same,
  Softplus: same,
  Relu: same,
  Step: step,
  MatMul: same,
  Identity: same,
  Reshape: shaped,
  Expand: shaped,
  Transpose: (node) => plain(node, [{ name: "perm", kind: "ints", value: intsAttribute(node.op, node.attributes, "perm") }]),
  Concat: (node) => plain(node, [int("axis", intAttribute(node.op, node.attributes, "axis"))]),
  Slice: (node, integers) => {
    const { start, end, axis } = sliceBounds(node.attributes);
    return plain(node, [], [integers([start]), integers([end]), integers([axis])]);
  },
  ReduceSum: reducing,
  ReduceMean: reducing,
  ReduceLogSumExp: logSumExp,
  Softmax: (node) => plain(node, [int("axis", -1)]),
  Gemm: (node) => {
    const alpha = node.attributes["alpha"];
    return plain(node, [
      int("transA", intAttribute(node.op, node.attributes, "transA", 0)),
      int("transB", intAttribute(node.op, node.attributes, "transB", 0)),
      { name: "alpha", kind: "float", value: typeof alpha === "number" ? alpha : 1 },
    ]);
  },
  Gather: (node) => plain(node, [int("axis", 0)]),
  ScatterRows: scatterRows,
  TopK: (node, integers) => plain(node, [int("axis", -1)], [integers([intAttribute(node.op, node.attributes, "k")])]),
};

function int(name: string, value: number): OnnxAttribute {
  return { name, kind: "int", value };
}

/** Expects portable ops only; lower the graph first. Graph outputs get their names by Identity nodes. */
export function onnxNodes(graph: Graph): { readonly nodes: readonly OnnxNode[]; readonly constants: readonly Initializer[] } {
  const constants = new Map<string, Initializer>();
  const integers: Integers = (numbers) => {
    const key = numbers.join("_");
    const name = `integers_${key}`.replaceAll("-", "m");
    if (!constants.has(key)) constants.set(key, { kind: "numbers", value: { name, shape: [numbers.length], dataType: "int64" }, numbers });
    return name;
  };
  const nodes = graph.nodes.flatMap((node) => {
    if (isComposite(node.op)) throw new GraphError(`expected portable ops, got the composite ${node.op}: lower the graph first`);
    return spellings[node.op](node, integers);
  });
  const outputs = graph.outputs.map(({ name, value }): OnnxNode => ({ opType: "Identity", inputs: [value.name], outputs: [name], attributes: [] }));
  return { nodes: [...nodes, ...outputs], constants: [...constants.values()] };
}
