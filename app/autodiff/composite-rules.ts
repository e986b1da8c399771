/** Gradients of the composite ops, written by hand: cheaper than those of their lowered form, and equal to them. */
import type { GraphBuilder } from "#app/graph/builder.ts";
import { queryBlocks } from "#app/graph/query-blocks.ts";
import { dimOf, fourDims, intAttribute } from "#app/graph/shapes.ts";
import { GELU_CUBIC, GELU_SCALE } from "#app/graph/lower.ts";
import type { CompositeOp, Value } from "#app/graph/types.ts";
import { type GradientCall, type GradientRule, inputOf, outputOf } from "./gradient-rule.ts";

/** With r = 1/rms and x̂ = x·r: dx = r · (dy·w − x̂ · mean(dy·w·x̂)), dw = Σ dy·x̂. */
const rmsNorm: GradientRule = (call) => {
  const { g, dy } = call;
  const [x, weight, inverseRms] = [inputOf(call, 0), inputOf(call, 1), outputOf(call, 1)];
  const normed = g.mul(x, inverseRms);
  const last = x.shape.length - 1;
  const weighted = g.mul(dy, weight);
  const along = g.one("ReduceMean", [g.mul(weighted, normed)], { axes: [last], keepdims: 1 });
  return [
    call.needs(0) ? g.mul(g.sub(weighted, g.mul(normed, along)), inverseRms) : undefined,
    call.needs(1)
      ? g.sum(
          g.mul(dy, normed),
          Array.from({ length: last }, (_, axis) => axis),
          false,
        )
      : undefined,
  ];
};

/** A rotation's gradient is the rotation back. The angles are not trained. */
const rope: GradientRule = (call) => {
  const inverse = intAttribute("Rope", call.node.attributes, "inverse", 0);
  return [call.g.one("Rope", [call.dy, inputOf(call, 1), inputOf(call, 2)], { inverse: 1 - inverse })];
};

/**
 * With P the probabilities and o the output, per row: dS = P · (do vᵀ − Σ do·o), as Σ_j P_j (do·v_j) = do·o, which needs
 * d numbers a row where Σ P·dP needs as many as there are keys. Queries of a group share their head's keys and values,
 * so that dk and dv sum over the group by themselves.
 */
const attention: GradientRule = (call) => {
  const [q, k, v] = [inputOf(call, 0), inputOf(call, 1), inputOf(call, 2)];
  return attentionGradients(call, { q, k, v, output: outputOf(call, 0), probabilities: outputOf(call, 1), dy: call.dy });
};

type Attended = { readonly [Name in "q" | "k" | "v" | "output" | "probabilities" | "dy"]: Value };

function attentionGradients({ g, needs }: GradientCall, { q, k, v, output, probabilities, dy }: Attended): readonly (Value | undefined)[] {
  const [batch, kvHeads, rows] = fourDims(probabilities.shape);
  const depth = dimOf(q.shape, 3);
  const grouped = [batch, kvHeads, rows, depth];
  const scale = 1 / Math.sqrt(depth);
  const dOutput = g.reshape(dy, grouped);
  const dScores = (): Value => {
    const along = g.sum(g.mul(dOutput, g.reshape(output, grouped)), [3]);
    return g.mul(probabilities, g.sub(g.matMul(dOutput, g.swapLast(v)), along));
  };
  const scores = needs(0) || needs(1) ? dScores() : undefined;
  // The scale of the scores is multiplied in where there are as many numbers as queries or keys, not their product.
  return [
    needs(0) && scores !== undefined ? g.reshape(g.scale(g.matMul(scores, k), scale), q.shape) : undefined,
    needs(1) && scores !== undefined ? g.scale(g.matMul(g.swapLast(scores), g.reshape(q, grouped)), scale) : undefined,
    needs(2) ? g.matMul(g.swapLast(probabilities), dOutput) : undefined,
  ];
}

/** Those of each block: queries' side by side, keys' and values' added up, as a block's lie before the next one's. */
const causalAttention: GradientRule = (call) => {
  const { g, dy, node } = call;
  const [q, k, v, output] = [inputOf(call, 0), inputOf(call, 1), inputOf(call, 2), outputOf(call, 0)];
  const blocks = queryBlocks(q, node.attributes).map(({ start, end }, i) => {
    const own = (x: Value): Value => g.sliced(x, 2, start, end);
    const seen = (x: Value): Value => g.sliced(x, 2, 0, end);
    return attentionGradients(call, { q: own(q), k: seen(k), v: seen(v), output: own(output), probabilities: outputOf(call, i + 1), dy: own(dy) });
  });
  const [queries, keys, values] = [0, 1, 2].map((i) => blocks.flatMap((block) => block[i] ?? []));
  return [
    call.needs(0) ? g.joined(queries ?? [], 2) : undefined,
    call.needs(1) ? sumOfPrefixes(g, keys ?? []) : undefined,
    call.needs(2) ? sumOfPrefixes(g, values ?? []) : undefined,
  ];
};

/** The sum of values that are longer and longer along axis 2, as if zeros stood behind each. */
function sumOfPrefixes(g: GraphBuilder, prefixes: readonly Value[]): Value {
  return prefixes.reduce((sum, longer) => {
    const [end, length] = [dimOf(sum.shape, 2), dimOf(longer.shape, 2)];
    return g.concat([g.add(g.slice(longer, 2, 0, end), sum), g.slice(longer, 2, end, length)], 2);
  });
}

/** With s = σ(gate): d gate = dy · up · s · (1 + gate · (1 − s)), d up = dy · gate · s. */
const swiGlu: GradientRule = (call) => {
  const { g, dy } = call;
  const [gate, up] = [inputOf(call, 0), inputOf(call, 1)];
  const sigmoid = g.one("Sigmoid", [gate]);
  const silu = g.mul(gate, sigmoid);
  return [
    call.needs(0) ? g.mul(g.mul(dy, up), g.add(sigmoid, g.sub(silu, g.mul(silu, sigmoid)))) : undefined,
    call.needs(1) ? g.mul(dy, silu) : undefined,
  ];
};

/** With s = σ(2u): d gate = dy · up · (s + gate · s · (1 − s) · 2u′), 2u′ = 2√(2/π) · (1 + 3 · 0.044715 gate²), d up = dy · gate · s. */
const geGlu: GradientRule = (call) => {
  const { g, dy } = call;
  const [gate, up] = [inputOf(call, 0), inputOf(call, 1)];
  const square = g.mul(gate, gate);
  const along = (cubic: number): Value => g.add(g.scale(square, 2 * GELU_SCALE * cubic), g.constant([2 * GELU_SCALE]));
  const sigmoid = g.one("Sigmoid", [g.mul(gate, along(GELU_CUBIC))]);
  const gelu = g.mul(gate, sigmoid);
  const slope = g.mul(g.sub(gelu, g.mul(gelu, sigmoid)), along(3 * GELU_CUBIC));
  return [call.needs(0) ? g.mul(g.mul(dy, up), g.add(sigmoid, slope)) : undefined, call.needs(1) ? g.mul(dy, gelu) : undefined];
};

/**
 * d logits = dy · (one-hot − p) with p = exponentials / sums: the one-hot part gathers and scatters rows of the table,
 * and what is the same for a row is multiplied where rows are short, never over the vocabulary.
 */
const tokenLogp: GradientRule = (call) => {
  const { g, dy } = call;
  const [hidden, table, ids] = [inputOf(call, 0), inputOf(call, 1), inputOf(call, 2)];
  const [exponentials, sums] = [outputOf(call, 1), outputOf(call, 2)];
  const share = g.one("Div", [dy, sums]);
  return [
    call.needs(0) ? g.sub(g.mul(dy, g.one("Gather", [table, ids])), g.mul(g.gemm(exponentials, table), share)) : undefined,
    call.needs(1)
      ? g.sub(
          g.one("ScatterRows", [g.mul(dy, hidden), ids], { rowCount: dimOf(table.shape, 0) }),
          g.gemm(exponentials, g.mul(hidden, share), { transA: true }),
        )
      : undefined,
  ];
};

export const compositeRules: { readonly [Op in CompositeOp]: GradientRule } = {
  RmsNorm: rmsNorm,
  Rope: rope,
  Attention: attention,
  CausalAttention: causalAttention,
  SwiGlu: swiGlu,
  GeGlu: geGlu,
  TokenLogp: tokenLogp,
};
