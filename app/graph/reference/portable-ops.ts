/** What each portable op means, written as directly as possible in float64: slow, and the yardstick for everything else. */
import { logSumExp } from "#app/base/log-space.ts";
import { QUANTISED_BLOCK, QUANTISED_ZERO } from "../op-table.ts";
import { broadcastShape, dimOf, intAttribute, intsAttribute, sliceBounds } from "../shapes.ts";
import type { OpNode, PortableOp, Shape } from "../types.ts";
import { at, generate, type Tensor, tensor } from "./tensor.ts";

export type Meaning = (inputs: readonly Tensor[], node: OpNode) => readonly Tensor[];

export function inputOf(inputs: readonly Tensor[], index: number): Tensor {
  const found = inputs[index];
  if (found === undefined) throw new RangeError(`input ${index} of ${inputs.length}`);
  return found;
}

function elementwise(f: (x: number) => number): Meaning {
  return (inputs) => [tensor(inputOf(inputs, 0).shape, inputOf(inputs, 0).numbers.map(f))];
}

function binary(f: (a: number, b: number) => number): Meaning {
  return (inputs, node) => {
    const [a, b] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    return [generate(broadcastShape(node.op, a.shape, b.shape), (c) => f(at(a, c), at(b, c)))];
  };
}

/** Folds each group of numbers that differ only in the reduced axes. */
function reducing(fold: (numbers: readonly number[]) => number): Meaning {
  return (inputs, node) => {
    const x = inputOf(inputs, 0);
    const axes = new Set(intsAttribute(node.op, node.attributes, "axes").map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
    const kept = x.shape.map((dim, i) => (axes.has(i) ? 1 : dim));
    const span: Shape = x.shape.map((dim, i) => (axes.has(i) ? dim : 1));
    const groups = generate(kept, (c) =>
      fold([
        ...generate(span, (inner) =>
          at(
            x,
            c.map((coordinate, i) => coordinate + (inner[i] ?? 0)),
          ),
        ).numbers,
      ]),
    );
    const shape = intAttribute(node.op, node.attributes, "keepdims", 1) === 1 ? kept : x.shape.filter((_, i) => !axes.has(i));
    return [tensor(shape, groups.numbers)];
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0);

export function softmax(x: Tensor): Tensor {
  const width = dimOf(x.shape, -1);
  return generate(x.shape, (_, position) => {
    const row = x.numbers.subarray(Math.floor(position / width) * width, (Math.floor(position / width) + 1) * width);
    return Math.exp((x.numbers[position] ?? 0) - logSumExp([...row]));
  });
}

export function matMul(a: Tensor, b: Tensor): Tensor {
  const batch = broadcastShape("MatMul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  return generate([...batch, dimOf(a.shape, -2), dimOf(b.shape, -1)], (c) => {
    const [outer, row, column] = [c.slice(0, -2), c.at(-2) ?? 0, c.at(-1) ?? 0];
    return sumOf(Array.from({ length: dimOf(a.shape, -1) }, (_, k) => at(a, [...outer, row, k]) * at(b, [...outer, k, column])));
  });
}

export function transposed(x: Tensor, perm: readonly number[]): Tensor {
  return generate(
    perm.map((axis) => dimOf(x.shape, axis)),
    (c) => {
      const source: number[] = [];
      perm.forEach((axis, i) => {
        source[axis] = c[i] ?? 0;
      });
      return at(x, source);
    },
  );
}

export const portableMeanings: { readonly [Op in PortableOp]: Meaning } = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Neg: elementwise((x) => -x),
  Exp: elementwise(Math.exp),
  Log: elementwise(Math.log),
  Sqrt: elementwise(Math.sqrt),
  Reciprocal: elementwise((x) => 1 / x),
  Sigmoid: elementwise((x) => 1 / (1 + Math.exp(-x))),
  Tanh: elementwise(Math.tanh),
  Softplus: elementwise((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Relu: elementwise((x) => Math.max(x, 0)),
  Step: elementwise((x) => (x > 0 ? 1 : 0)),
  Reshape: (inputs, node) => [tensor(intsAttribute(node.op, node.attributes, "shape"), inputOf(inputs, 0).numbers)],
  Transpose: (inputs, node) => [transposed(inputOf(inputs, 0), intsAttribute(node.op, node.attributes, "perm"))],
  Expand: (inputs, node) => [generate(intsAttribute(node.op, node.attributes, "shape"), (c) => at(inputOf(inputs, 0), c))],
  Concat: (inputs, node) => {
    const axis = intAttribute(node.op, node.attributes, "axis");
    const owners = inputs.flatMap((input) => Array.from({ length: dimOf(input.shape, axis) }, (_, i) => ({ input, i })));
    return [
      generate(inputOf(inputs, 0).shape.with(axis, owners.length), (c) => {
        const owner = owners[c[axis] ?? 0];
        return owner === undefined ? Number.NaN : at(owner.input, c.with(axis, owner.i));
      }),
    ];
  },
  Slice: (inputs, node) => {
    const { axis, start, end } = sliceBounds(node.attributes);
    const x = inputOf(inputs, 0);
    return [generate(x.shape.with(axis, end - start), (c) => at(x, c.with(axis, (c[axis] ?? 0) + start)))];
  },
  ReduceSum: reducing(sumOf),
  ReduceMean: reducing((numbers) => sumOf(numbers) / numbers.length),
  ReduceMax: reducing((numbers) => Math.max(...numbers)),
  ReduceLogSumExp: reducing(logSumExp),
  Softmax: (inputs) => [softmax(inputOf(inputs, 0))],
  MatMul: (inputs) => [matMul(inputOf(inputs, 0), inputOf(inputs, 1))],
  Gemm: (inputs, node) => {
    const side = (index: number, name: string): Tensor =>
      intAttribute("Gemm", node.attributes, name, 0) === 1 ? transposed(inputOf(inputs, index), [1, 0]) : inputOf(inputs, index);
    const alpha = node.attributes["alpha"];
    const product = matMul(side(0, "transA"), side(1, "transB"));
    return [
      tensor(
        product.shape,
        product.numbers.map((x) => x * (typeof alpha === "number" ? alpha : 1)),
      ),
    ];
  },
  Gather: (inputs) => {
    const [table, indices] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    const rank = indices.shape.length;
    return [generate([...indices.shape, ...table.shape.slice(1)], (c) => at(table, [at(indices, c.slice(0, rank)), ...c.slice(rank)]))];
  },
  ScatterRows: (inputs, node) => {
    const [rows, indices] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    return [
      generate([intAttribute(node.op, node.attributes, "rowCount"), dimOf(rows.shape, 1)], ([row, column]) =>
        sumOf([...indices.numbers].map((index, i) => (index === row ? at(rows, [i, column ?? 0]) : 0))),
      ),
    ];
  },
  PutRows: (inputs) => {
    const [table, rows, indices] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
    return [
      generate(table.shape, ([row, column]) => {
        const put = indices.numbers.indexOf(row ?? 0);
        return put < 0 ? at(table, [row ?? 0, column ?? 0]) : at(rows, [put, column ?? 0]);
      }),
    ];
  },
  QuantisedGemm: (inputs) => {
    const [x, codes, scales] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
    const [rows, blocks, width] = [dimOf(codes.shape, 0), dimOf(codes.shape, 1), dimOf(x.shape, 1)];
    const weights = generate([width, rows], ([k, n]) => {
      const block = Math.floor((k ?? 0) / QUANTISED_BLOCK);
      const code = at(codes, [n ?? 0, block, (k ?? 0) % QUANTISED_BLOCK]);
      return (code - QUANTISED_ZERO) * at(scales, [(n ?? 0) * blocks + block]);
    });
    return [matMul(x, weights)];
  },
  TopK: (inputs, node) => {
    const x = inputOf(inputs, 0);
    const width = dimOf(x.shape, -1);
    const k = intAttribute(node.op, node.attributes, "k");
    const rows = Array.from({ length: x.numbers.length / width }, (_, row) =>
      // Equal values in the order of their indices.
      [...x.numbers.subarray(row * width, (row + 1) * width)]
        .map((value, index) => ({ value, index }))
        .sort((a, b) => b.value - a.value || a.index - b.index)
        .slice(0, k),
    ).flat();
    const shape = x.shape.with(-1, k);
    return [
      tensor(
        shape,
        rows.map((entry) => entry.value),
      ),
      tensor(
        shape,
        rows.map((entry) => entry.index),
      ),
    ];
  },
  Identity: (inputs) => [inputOf(inputs, 0)],
};
