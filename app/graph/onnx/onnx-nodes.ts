/** Turns the portable ops of a graph into ONNX nodes: attributes that ONNX wants as inputs become constants. */
import { GraphError } from "#app/base/errors.ts";
import { QUANTISED_BLOCK } from "../op-table.ts";
import { dimOf, elementCount, intAttribute, intsAttribute, sliceBounds } from "../shapes.ts";
import type { Graph, Initializer, OpNode, PortableOp, Value } from "../types.ts";
import { isComposite } from "../lower.ts";
import { compositeNodes } from "./composite-nodes.ts";

export type OnnxAttribute =
  | { readonly name: string; readonly kind: "float"; readonly value: number }
  | { readonly name: string; readonly kind: "int"; readonly value: number }
  | { readonly name: string; readonly kind: "string"; readonly value: string }
  | { readonly name: string; readonly kind: "ints"; readonly value: readonly number[] };

export type OnnxNode = {
  readonly opType: string;
  /** Whose op it is; ONNX's own without it. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
};

/** ONNX Runtime's own ops. */
export const MICROSOFT = "com.microsoft";

/** Hands out the name of a constant int64 list. */
export type Integers = (numbers: readonly number[]) => string;

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

/** Where a sum of so many loses no more than float32 loses anyway. */
const LONG_SUM = 1024;

/**
 * ONNX Runtime's own op takes exponentials one by one and adds them up one after the other in float32: over a vocabulary
 * of 49,152 that takes ten times as long as it must, and log-probabilities come out wrong by 2e-4. Its Exp and ReduceSum
 * use the processor's vectors, and are right to a tenth of that.
 */
const logSumExp: Spelling = (node, integers) => {
  const [x] = node.inputs;
  const [output] = node.outputs;
  if (x === undefined || output === undefined) throw new GraphError("ReduceLogSumExp: expected an input and an output");
  const [axis, ...others] = intsAttribute(node.op, node.attributes, "axes");
  const last = x.shape.length - 1;
  if (others.length > 0 || (axis !== last && axis !== -1) || (x.shape[last] ?? 1) <= LONG_SUM) return reducing(node, integers);
  const part = (name: string): string => `${output.name}_${name}`;
  const [largest, exponentials, sums] = [part("largest"), part("exponentials"), part("sums")];
  const over = [integers([last])];
  return [
    { opType: "ReduceMax", inputs: [x.name, ...over], outputs: [largest], attributes: [int("keepdims", 1)] },
    { opType: "Sub", inputs: [x.name, largest], outputs: [part("centred")], attributes: [] },
    { opType: "Exp", inputs: [part("centred")], outputs: [exponentials], attributes: [] },
    { opType: "ReduceSum", inputs: [exponentials, ...over], outputs: [sums], attributes: [int("keepdims", 1)] },
    { opType: "Log", inputs: [sums], outputs: [part("logs")], attributes: [] },
    { opType: "Add", inputs: [largest, part("logs")], outputs: [part("kept")], attributes: [] },
    { opType: "Reshape", inputs: [part("kept"), integers(output.shape)], outputs: [output.name], attributes: [] },
  ];
};

const ADDING: OnnxAttribute = { name: "reduction", kind: "string", value: "add" };

const scatterRows: Spelling = (node, integers) => {
  const [rows, indices] = node.inputs;
  const [output] = node.outputs;
  if (rows === undefined || indices === undefined || output === undefined) throw new GraphError("ScatterRows: expected rows and indices");
  const [zeros, column] = [`${output.name}_zeros`, `${output.name}_indices`];
  return [
    { opType: "ConstantOfShape", inputs: [integers(output.shape)], outputs: [zeros], attributes: [] },
    { opType: "Reshape", inputs: [indices.name, integers([elementCount(indices.shape), 1])], outputs: [column], attributes: [] },
    { opType: "ScatterND", inputs: [zeros, column, rows.name], outputs: [output.name], attributes: [ADDING] },
  ];
};

/**
 * ONNX Runtime's CPU kernel of ScatterND shares the rows out to its threads, which add into one row without waiting for
 * each other: sums differ from run to run, and an addition can be lost. That of ScatterElements adds one after the other.
 */
const scatterRowsInOrder: Spelling = (node, integers) => {
  const nodes = scatterRows(node, integers);
  const [rows] = node.inputs;
  const scatter = nodes.at(-1);
  const [zeros, column, added] = scatter?.inputs ?? [];
  if (rows === undefined || scatter === undefined || zeros === undefined || column === undefined || added === undefined)
    throw new GraphError("ScatterRows: expected zeros, indices and rows");
  const indices = `${column}_expanded`;
  return [
    ...nodes.slice(0, -1),
    { opType: "Expand", inputs: [column, integers(rows.shape)], outputs: [indices], attributes: [] },
    { opType: "ScatterElements", inputs: [zeros, indices, added], outputs: scatter.outputs, attributes: [int("axis", 0), ADDING] },
  ];
};

/** Where the output is the table's own memory, only the rows are written. */
const putRows: Spelling = (node, integers) => {
  const [table, rows, indices] = node.inputs;
  const [output] = node.outputs;
  if (table === undefined || rows === undefined || indices === undefined || output === undefined)
    throw new GraphError("PutRows: expected a table, rows and indices");
  const column = `${output.name}_indices`;
  return [
    { opType: "Reshape", inputs: [indices.name, integers([elementCount(indices.shape), 1])], outputs: [column], attributes: [] },
    { opType: "ScatterND", inputs: [table.name, column, rows.name], outputs: [output.name], attributes: [] },
  ];
};

/** ONNX Runtime's own kernel; the code of 0 that it assumes is 128. */
const quantisedGemm: Spelling = (node) => {
  const [x, codes] = node.inputs;
  if (x === undefined || codes === undefined) throw new GraphError("QuantisedGemm: expected x and codes");
  const attributes = [
    int("K", dimOf(x.shape, 1)),
    int("N", dimOf(codes.shape, 0)),
    int("bits", 8),
    int("block_size", QUANTISED_BLOCK),
    int("accuracy_level", intAttribute(node.op, node.attributes, "accuracyLevel")),
  ];
  return plain(node, attributes).map((made) => ({ ...made, opType: "MatMulNBits", domain: MICROSOFT }));
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
  ReduceMax: reducing,
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
  PutRows: putRows,
  QuantisedGemm: quantisedGemm,
  TopK: (node, integers) => plain(node, [int("axis", -1)], [integers([intAttribute(node.op, node.attributes, "k")])]),
};

function int(name: string, value: number): OnnxAttribute {
  return { name, kind: "int", value };
}

/** Sources of the transposes of the last two axes that only MatMul reads, by the name of the transposed value. */
function transposesOfProducts(graph: Graph): ReadonlyMap<string, Value> {
  const swaps = ({ op, attributes }: OpNode): boolean => {
    const perm = op === "Transpose" ? intsAttribute(op, attributes, "perm") : [];
    const last = perm.length - 1;
    return last > 0 && perm.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
  };
  const found = new Map<string, Value>();
  for (const node of graph.nodes) {
    const [[source], [output]] = [node.inputs, node.outputs];
    if (swaps(node) && source !== undefined && output !== undefined) found.set(output.name, source);
  }
  for (const node of graph.nodes) if (node.op !== "MatMul") for (const input of node.inputs) found.delete(input.name);
  for (const output of graph.outputs) found.delete(output.value.name);
  return found;
}

/** A product that reads its factors as they lie, turned or not: no copy of either is made. */
function fusedMatMul(node: OpNode, transposes: ReadonlyMap<string, Value>): OnnxNode {
  const turned = node.inputs.map((input) => transposes.get(input.name));
  return {
    opType: "FusedMatMul",
    domain: MICROSOFT,
    inputs: node.inputs.map((input, i) => turned[i]?.name ?? input.name),
    outputs: node.outputs.map((output) => output.name),
    attributes: [int("transA", turned[0] === undefined ? 0 : 1), int("transB", turned[1] === undefined ? 0 : 1)],
  };
}

export type OnnxOptions = {
  /** Products take transposed factors as they lie. A kernel of ONNX Runtime's CPU provider; others have none for it. */
  readonly fusesTransposes?: boolean;
  /** Norms and rotations are written as ONNX's own ops: fewer nodes, and another rounding than the lowered form has. */
  readonly keepsComposites?: boolean;
  /** Rows are added into others one after the other, so that sums are the same whenever they are taken. Of the CPU's provider. */
  readonly addsInOrder?: boolean;
};

/** Expects portable ops and composites that ONNX has; lower the graph first. Graph outputs get their names by Identity nodes. */
export function onnxNodes(
  graph: Graph,
  options: OnnxOptions = {},
): { readonly nodes: readonly OnnxNode[]; readonly constants: readonly Initializer[] } {
  const constants = new Map<string, Initializer>();
  const integers: Integers = (numbers) => {
    const key = numbers.join("_");
    const name = `integers_${key}`.replaceAll("-", "m");
    if (!constants.has(key)) constants.set(key, { kind: "numbers", value: { name, shape: [numbers.length], dataType: "int64" }, numbers });
    return name;
  };
  const transposes = options.fusesTransposes === true ? transposesOfProducts(graph) : new Map<string, Value>();
  const nodes = graph.nodes.flatMap((node) => {
    if (isComposite(node.op)) {
      const whole = options.keepsComposites === true ? compositeNodes(node, integers) : undefined;
      if (whole === undefined) throw new GraphError(`expected portable ops, got the composite ${node.op}: lower the graph first`);
      return whole;
    }
    if (node.op === "Transpose" && transposes.has(node.outputs[0]?.name ?? "")) return [];
    if (node.op === "MatMul" && node.inputs.some((input) => transposes.has(input.name))) return [fusedMatMul(node, transposes)];
    const spelling = node.op === "ScatterRows" && options.addsInOrder === true ? scatterRowsInOrder : spellings[node.op];
    return spelling(node, integers);
  });
  const outputs = graph.outputs.map(({ name, value }): OnnxNode => ({ opType: "Identity", inputs: [value.name], outputs: [name], attributes: [] }));
  return { nodes: [...inOrderOfRuns(withoutCopies(nodes)), ...outputs.toReversed()], constants: [...constants.values()] };
}

/** Several readers may each bring the node that makes what they read. */
function withoutCopies(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const made = new Set<string | undefined>();
  return nodes.filter(({ outputs: [name] }) => {
    const isNew = !made.has(name);
    made.add(name);
    return isNew;
  });
}

/**
 * ONNX Runtime runs nodes in an order of its own: back from what no node reads, the last in the file first, each after
 * what it needs. Gradients of many layers would all be left to the end, and hold what each of them reads until then. So
 * what no node reads comes last in the file, in reverse: then they run in the graph's order.
 */
function inOrderOfRuns(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const isRead = (node: OnnxNode): boolean => node.outputs.some((output) => read.has(output));
  return [...nodes.filter(isRead), ...nodes.filter((node) => !isRead(node)).toReversed()];
}
