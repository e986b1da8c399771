/** Builds a graph node by node: shapes are checked as each node is added, equal constants are shared. */
import { GraphError } from "#app/base/errors.ts";
import { opTable } from "./op-table.ts";
import { dimOf, elementCount, shapeText } from "./shapes.ts";
import type { Attributes, DataType, Graph, GraphOutput, Initializer, OpName, OpNode, Shape, TensorLocation, Value } from "./types.ts";

export class GraphBuilder {
  readonly #inputs: Value[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #nodes: OpNode[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, Value>();

  /** The nodes so far, in order; the reverse walk reads them. */
  get nodes(): readonly OpNode[] {
    return this.#nodes;
  }

  /** A tensor that each run is fed. */
  input(name: string, shape: Shape, dataType: DataType = "float32"): Value {
    const value = this.#value(name, shape, dataType);
    this.#inputs.push(value);
    return value;
  }

  /** A tensor that stays in its file. */
  weight(name: string, location: TensorLocation): Value {
    const value = this.#value(name, location.shape, location.dataType);
    this.#initializers.push({ kind: "file", value, location });
    return value;
  }

  /** A small tensor of the graph itself. */
  constant(numbers: readonly number[], shape: Shape = [], dataType: DataType = "float32"): Value {
    if (numbers.length !== elementCount(shape))
      throw new GraphError(`expected ${elementCount(shape)} numbers for a constant ${shapeText(shape)}, got ${numbers.length}`);
    const key = `${dataType}${shapeText(shape)}${numbers.join(",")}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = this.#value(`constant_${this.#constants.size}`, shape, dataType);
    this.#constants.set(key, value);
    this.#initializers.push({ kind: "numbers", value, numbers: [...numbers] });
    return value;
  }

  /** Adds a node and returns all its outputs. Throws GraphError where the inputs do not fit the op. */
  apply(op: OpName, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    for (const input of inputs) {
      if (!this.#names.has(input.name)) throw new GraphError(`${op}: expected inputs of this graph, got ${input.name} of another`);
    }
    const label = `${op}_${this.#nodes.length}`;
    const outputs = opTable[op](inputs, attributes).map((spec, i) => this.#value(i === 0 ? label : `${label}_${i}`, spec.shape, spec.dataType));
    this.#nodes.push({ op, inputs: [...inputs], outputs, attributes });
    return outputs;
  }

  /** Adds a node and returns its first output. */
  one(op: OpName, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const [first] = this.apply(op, inputs, attributes);
    if (first === undefined) throw new GraphError(`${op} has no output`);
    return first;
  }

  output(name: string, value: Value): void {
    if (this.#outputs.some((output) => output.name === name)) throw new GraphError(`expected a new output name, got ${name} again`);
    this.#outputs.push({ name, value });
  }

  add(a: Value, b: Value): Value {
    return this.one("Add", [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return this.one("Sub", [a, b]);
  }

  mul(a: Value, b: Value): Value {
    return this.one("Mul", [a, b]);
  }

  neg(x: Value): Value {
    return this.one("Neg", [x]);
  }

  /** x times a number of the graph. */
  scale(x: Value, factor: number): Value {
    return factor === 1 ? x : this.one("Mul", [x, this.constant([factor])]);
  }

  /** alpha · op(a) op(b), both 2-D. */
  gemm(a: Value, b: Value, options: { readonly transA?: boolean; readonly transB?: boolean; readonly alpha?: number } = {}): Value {
    return this.one("Gemm", [a, b], { transA: options.transA ? 1 : 0, transB: options.transB ? 1 : 0, alpha: options.alpha ?? 1 });
  }

  matMul(a: Value, b: Value): Value {
    return this.one("MatMul", [a, b]);
  }

  reshape(x: Value, shape: Shape): Value {
    return this.one("Reshape", [x], { shape });
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.one("Transpose", [x], { perm });
  }

  /** The last two axes exchanged. */
  swapLast(x: Value): Value {
    const rank = x.shape.length;
    return this.transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
  }

  concat(parts: readonly Value[], axis: number): Value {
    return this.one("Concat", parts, { axis });
  }

  slice(x: Value, axis: number, start: number, end: number): Value {
    return this.one("Slice", [x], { axis, start, end });
  }

  /** A slice, or x itself where nothing is cut off. */
  sliced(x: Value, axis: number, start: number, end: number): Value {
    return start === 0 && end === dimOf(x.shape, axis) ? x : this.slice(x, axis, start, end);
  }

  /** A concatenation, or the only part itself. */
  joined(parts: readonly Value[], axis: number): Value {
    const [first] = parts;
    return first !== undefined && parts.length === 1 ? first : this.concat(parts, axis);
  }

  /** Sum over axes, which stay as 1. */
  sum(x: Value, axes: readonly number[], keepdims = true): Value {
    return this.one("ReduceSum", [x], { axes, keepdims: keepdims ? 1 : 0 });
  }

  build(): Graph {
    return { inputs: [...this.#inputs], initializers: [...this.#initializers], nodes: [...this.#nodes], outputs: [...this.#outputs] };
  }

  #value(name: string, shape: Shape, dataType: DataType): Value {
    if (this.#names.has(name)) throw new GraphError(`expected a new name in the graph, got ${name} again`);
    if (shape.some((dim) => !Number.isInteger(dim) || dim < 1))
      throw new GraphError(`expected sizes of 1 or more for ${name}, got ${shapeText(shape)}`);
    this.#names.add(name);
    return { name, shape: [...shape], dataType };
  }
}
