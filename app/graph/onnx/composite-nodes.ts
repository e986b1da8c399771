/** Composite ops that ONNX has as ops of its own: a step of decoding is made of so many small nodes that calling them takes a good part of it. */
import { GraphError } from "#app/base/errors.ts";
import { dimOf, intAttribute } from "../shapes.ts";
import type { Graph, OpNode, Value } from "../types.ts";
import { type Integers, type OnnxNode, type OnnxOptions } from "./onnx-nodes.ts";

/** Which composite nodes of a graph are written whole. A norm whose second output is read was made for a gradient, which ONNX's op does not serve. */
export function wholeComposites(graph: Graph, options: OnnxOptions): (node: OpNode) => boolean {
  if (options.keepsComposites !== true) return () => false;
  const read = new Set([...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ value }) => value)].map(({ name }) => name));
  return (node) => {
    if (node.op === "RmsNorm") return !read.has(node.outputs[1]?.name ?? "");
    return node.op === "Rope" && intAttribute(node.op, node.attributes, "inverse", 0) === 0;
  };
}

/** The nodes of a composite that `wholeComposites` keeps; undefined for another. */
export function compositeNodes(node: OpNode, integers: Integers): readonly OnnxNode[] | undefined {
  switch (node.op) {
    case "RmsNorm":
      return [normNode(node)];
    case "Rope":
      return ropeNodes(node, integers);
    default:
      return undefined;
  }
}

function normNode(node: OpNode): OnnxNode {
  const epsilon = node.attributes["epsilon"];
  if (typeof epsilon !== "number") throw new GraphError(`RmsNorm: expected a number for epsilon, got ${String(epsilon)}`);
  return {
    opType: "RMSNormalization",
    inputs: node.inputs.map(({ name }) => name),
    outputs: node.outputs.slice(0, 1).map(({ name }) => name),
    attributes: [
      { name: "axis", kind: "int", value: -1 },
      { name: "epsilon", kind: "float", value: epsilon },
    ],
  };
}

/** Tables [batch, 1, length, d / 2] become [batch, length, d / 2]; the same nodes are made for each reader, and are written once. */
function ropeNodes(node: OpNode, integers: Integers): readonly OnnxNode[] {
  const [x, ...tables] = node.inputs;
  if (x === undefined || tables.length !== 2) throw new GraphError(`Rope: expected x, cos and sin, got ${node.inputs.length} inputs`);
  const rowsName = ({ name }: Value): string => `${name}_rows`;
  return [
    ...tables.map((table): OnnxNode => {
      const shape = [dimOf(table.shape, 0), dimOf(table.shape, 2), dimOf(table.shape, 3)];
      return { opType: "Reshape", inputs: [table.name, integers(shape)], outputs: [rowsName(table)], attributes: [] };
    }),
    { opType: "RotaryEmbedding", inputs: [x.name, ...tables.map(rowsName)], outputs: node.outputs.map(({ name }) => name), attributes: [] },
  ];
}
