/** What each composite op means, from its definition and not from its lowering. */
import { GraphError } from "#app/base/errors.ts";
import { logSumExp } from "#app/base/log-space.ts";
import { dimOf, fourDims, intAttribute } from "../shapes.ts";
import type { CompositeOp } from "../types.ts";
import { inputOf, type Meaning } from "./portable-ops.ts";
import { at, coordinatesOf, generate, type Tensor } from "./tensor.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

export const compositeMeanings: { readonly [Op in CompositeOp]: Meaning } = {
  RmsNorm: (inputs, node) => {
    const [x, weight] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    const epsilon = node.attributes["epsilon"];
    if (typeof epsilon !== "number") throw new GraphError("RmsNorm: expected a number for epsilon");
    const width = dimOf(x.shape, -1);
    const inverse = generate(
      x.shape.with(-1, 1),
      (c) => 1 / Math.sqrt(range(width).reduce((sum, i) => sum + at(x, c.with(-1, i)) ** 2, 0) / width + epsilon),
    );
    return [generate(x.shape, (c) => at(x, c) * at(inverse, c) * at(weight, c.slice(-1))), inverse];
  },
  Rope: (inputs, node) => {
    const [x, cos, sin] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
    const half = dimOf(x.shape, 3) / 2;
    const sign = intAttribute("Rope", node.attributes, "inverse", 0) === 1 ? -1 : 1;
    return [
      generate(x.shape, (c) => {
        const i = c[3] ?? 0;
        const angle = c.with(3, i % half);
        const partner = at(x, c.with(3, (i + half) % (2 * half)));
        return at(x, c) * at(cos, angle) + sign * (i < half ? -1 : 1) * partner * at(sin, angle);
      }),
    ];
  },
  Attention: (inputs) => {
    const [queries, keys] = [dimOf(inputOf(inputs, 0).shape, 2), dimOf(inputOf(inputs, 1).shape, 2)];
    const { output, probabilities } = attend(inputs, () => keys);
    return [output, probabilities(0, queries)];
  },
  CausalAttention: (inputs, node) => {
    const size = intAttribute("CausalAttention", node.attributes, "queryBlock");
    const length = dimOf(inputOf(inputs, 0).shape, 2);
    const endOf = (query: number): number => Math.min(length, (Math.floor(query / size) + 1) * size);
    const { output, probabilities } = attend(inputs, endOf);
    const starts = range(length).filter((query) => query % size === 0);
    return [output, ...starts.map((start) => probabilities(start, endOf(start)))];
  },
  SwiGlu: (inputs) => {
    const [gate, up] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    return [generate(gate.shape, (c) => (at(gate, c) / (1 + Math.exp(-at(gate, c)))) * at(up, c))];
  },
  GeGlu: (inputs) => {
    const [gate, up] = [inputOf(inputs, 0), inputOf(inputs, 1)];
    return [
      generate(gate.shape, (c) => {
        const x = at(gate, c);
        return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))) * at(up, c);
      }),
    ];
  },
  TokenLogp: (inputs) => {
    const [hidden, table, ids] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
    const [rows, vocabulary, width] = [dimOf(hidden.shape, 0), dimOf(table.shape, 0), dimOf(hidden.shape, 1)];
    const logits = generate([rows, vocabulary], ([n = 0, v = 0]) => range(width).reduce((sum, d) => sum + at(hidden, [n, d]) * at(table, [v, d]), 0));
    const logitsOf = (n: number): readonly number[] => range(vocabulary).map((v) => at(logits, [n, v]));
    const exponentials = generate([rows, vocabulary], ([n = 0, v = 0]) => Math.exp(at(logits, [n, v]) - Math.max(...logitsOf(n))));
    return [
      generate([rows, 1], ([n = 0]) => at(logits, [n, at(ids, [n])]) - logSumExp(logitsOf(n))),
      exponentials,
      generate([rows, 1], ([n = 0]) => range(vocabulary).reduce((sum, v) => sum + at(exponentials, [n, v]), 0)),
    ];
  },
};

/** Attention of each query to its first `seen` keys; also the probabilities of the queries of a range, which see as many keys. */
function attend(
  inputs: readonly Tensor[],
  seen: (query: number) => number,
): { readonly output: Tensor; probabilities(start: number, end: number): Tensor } {
  const [q, k, v, mask] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2), inputOf(inputs, 3)];
  const [batch, heads, queries, depth] = fourDims(q.shape);
  const [kvHeads, keys] = [dimOf(k.shape, 1), dimOf(k.shape, 2)];
  const group = heads / kvHeads;
  const weights = generate([batch, heads, queries, keys], ([b = 0, h = 0, i = 0, j = 0]) => {
    const score = (key: number): number =>
      range(depth).reduce((sum, d) => sum + at(q, [b, h, i, d]) * at(k, [b, Math.floor(h / group), key, d]), 0) / Math.sqrt(depth) +
      at(mask, [b, 0, 0, i, key]);
    return j < seen(i) ? Math.exp(score(j) - logSumExp(range(seen(i)).map(score))) : 0;
  });
  return {
    output: generate(q.shape, ([b = 0, h = 0, i = 0, d = 0]) =>
      range(keys).reduce((sum, j) => sum + at(weights, [b, h, i, j]) * at(v, [b, Math.floor(h / group), j, d]), 0),
    ),
    probabilities: (start, end) =>
      generate([batch, kvHeads, group * (end - start), seen(start)], ([b = 0, head = 0, row = 0, j = 0]) => {
        const [inGroup = 0, query = 0] = coordinatesOf(row, [group, end - start]);
        return at(weights, [b, head * group + inGroup, start + query, j]);
      }),
  };
}
