/** What a run of a graph takes, read off its shapes: operations of its products, and the memory that is alive at once. */
import { dimOf, elementCount, intAttribute } from "./shapes.ts";
import { lower } from "./lower.ts";
import type { Graph, OpName, OpNode, Value } from "./types.ts";

export type GraphCost = {
  /** Operations of Gemm, MatMul and QuantisedGemm: two a multiplication with its addition. */
  readonly productFlops: number;
  /** The most that intermediate values, outputs and what nodes work in take at once, in bytes. */
  readonly peakBytes: number;
};

/** Composite ops are lowered first. Nodes run in their order, each buffer is freed after its last reader. */
export function costOf(graph: Graph): GraphCost {
  const lowered = lower(graph);
  return {
    productFlops: lowered.nodes.reduce((sum, node) => sum + flopsOf(node), 0),
    peakBytes: peakBytesOf(lowered),
  };
}

const ELEMENT_BYTES = { float32: 4, int64: 8, uint8: 1 } as const;

function bytesOf(values: readonly Value[]): number {
  return values.reduce((sum, { shape, dataType }) => sum + elementCount(shape) * ELEMENT_BYTES[dataType], 0);
}

function flopsOf({ op, inputs, outputs, attributes }: OpNode): number {
  const [first] = inputs;
  const [output] = outputs;
  if (first === undefined || output === undefined) return 0;
  if (op === "QuantisedGemm") return 2 * elementCount(output.shape) * dimOf(first.shape, 1);
  if (op === "Gemm") return 2 * elementCount(output.shape) * dimOf(first.shape, 1 - intAttribute("Gemm", attributes, "transA", 0));
  return op === "MatMul" ? 2 * elementCount(output.shape) * dimOf(first.shape, -1) : 0;
}

/** The output is the input by another name. */
function isView(op: OpName): boolean {
  return op === "Reshape" || op === "Identity";
}

/** ONNX Runtime lets these write over an input of the output's size that nobody reads any more. */
const IN_PLACE: ReadonlySet<OpName> = new Set<OpName>([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Neg",
  "Exp",
  "Log",
  "Sqrt",
  "Reciprocal",
  "Sigmoid",
  "Tanh",
  "Softplus",
  "Relu",
]);

/**
 * What a node takes beside its output. On the CPU, rows are added by ScatterElements (onnx-nodes.ts), which is given an
 * index of 8 bytes for each number and keeps a copy of them.
 */
function workBytesOf({ op, inputs }: OpNode): number {
  const [rows] = inputs;
  return op === "ScatterRows" && rows !== undefined ? 2 * ELEMENT_BYTES.int64 * elementCount(rows.shape) : 0;
}

function peakBytesOf({ nodes, outputs }: Graph): number {
  // Views share the buffer of what they view.
  const bufferOf = new Map<string, string>();
  const buffer = (value: Value): string => bufferOf.get(value.name) ?? value.name;
  for (const { op, inputs, outputs: made } of nodes) {
    const [input] = inputs;
    for (const output of made) if (isView(op) && input !== undefined) bufferOf.set(output.name, buffer(input));
  }
  const lastReader = new Map<string, number>();
  nodes.forEach(({ inputs }, i) => {
    for (const input of inputs) lastReader.set(buffer(input), i);
  });
  for (const { value } of outputs) lastReader.set(buffer(value), nodes.length);
  const alive = new Map<string, number>();
  let [now, peak] = [0, 0];
  nodes.forEach((node, i) => {
    const { op, inputs, outputs: made } = node;
    const dying = [...new Set(inputs.map(buffer))].filter((name) => alive.has(name) && lastReader.get(name) === i);
    const size = bytesOf(made);
    if (!isView(op)) {
      const written = IN_PLACE.has(op) ? dying.find((name) => alive.get(name) === size) : undefined;
      peak = Math.max(peak, now + (written === undefined ? size : 0) + workBytesOf(node));
      for (const output of made) {
        const bytes = bytesOf([output]);
        // What nobody reads is freed at once.
        if (!lastReader.has(output.name)) continue;
        alive.set(output.name, bytes);
        now += bytes;
      }
    }
    for (const name of dying) {
      now -= alive.get(name) ?? 0;
      alive.delete(name);
    }
  });
  return peak;
}
