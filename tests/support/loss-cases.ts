/** Losses of given token log-probabilities: the same path from tokens to the differentiated number as in training. */
import { gradients } from "#app/autodiff/gradients.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import type { Graph } from "#app/graph/types.ts";
import { buildObjective } from "#app/training/pair-graph.ts";

/** What a loss may look at in one pair. */
export type PairNumbers = {
  readonly chosenTokenLogps: readonly number[];
  readonly rejectedTokenLogps: readonly number[];
  readonly referenceChosen: number;
  readonly referenceRejected: number;
  readonly chosenWinRate: number;
  readonly rejectedWinRate: number;
  readonly mismatchedLogRatio: number;
};

export type PairLoss = { readonly loss: number; readonly byChosenTokens: readonly number[]; readonly byRejectedTokens: readonly number[] };

/** A graph of one pair, and a row without a pair beside it, which must not matter. */
export function lossGraph(settings: LossSettings, chosenCount: number, rejectedCount: number, sftWeight = 0): Graph {
  const g = new GraphBuilder();
  const rows = chosenCount + rejectedCount;
  const tokenLogps = g.input("tokenLogps", [rows, 1]);
  const sides = Array.from({ length: 4 * rows }, (_, i) => {
    const [side, token] = [Math.floor(i / rows), i % rows];
    // Rows: chosen of the pair, chosen of none, rejected of the pair, rejected of none.
    return (side === 0 && token < chosenCount) || (side === 2 && token >= chosenCount) ? 1 : 0;
  });
  const { pairLosses, total } = buildObjective(g, g.gemm(g.constant(sides, [4, rows]), tokenLogps), { loss: settings, sftWeight });
  g.output("losses", pairLosses);
  g.output("total", total);
  const [gradient] = gradients(g, total, [tokenLogps]);
  if (gradient !== undefined) g.output("gradient", gradient);
  return g.build();
}

export function lossFeeds(graph: Graph, pair: PairNumbers): Map<string, Tensor> {
  const [chosenCount, rejectedCount] = [pair.chosenTokenLogps.length, pair.rejectedTokenLogps.length];
  const known: Readonly<Record<string, readonly number[]>> = {
    tokenLogps: [...pair.chosenTokenLogps, ...pair.rejectedTokenLogps],
    weights: [1, 0],
    referenceChosen: [pair.referenceChosen, 0],
    referenceRejected: [pair.referenceRejected, 0],
    inverseChosenLengths: [1 / chosenCount, 0],
    inverseRejectedLengths: [1 / rejectedCount, 0],
    chosenWinRates: [pair.chosenWinRate, 0],
    rejectedWinRates: [pair.rejectedWinRate, 0],
    mismatchedLogRatio: [pair.mismatchedLogRatio, 0],
  };
  return new Map(graph.inputs.map(({ name, shape }) => [name, tensor(shape, known[name] ?? [])]));
}

export function readLoss(results: ReadonlyMap<string, Tensor>, chosenCount: number): PairLoss {
  const byTokens = [...(results.get("gradient")?.numbers ?? [])];
  return {
    loss: results.get("total")?.numbers[0] ?? Number.NaN,
    byChosenTokens: byTokens.slice(0, chosenCount),
    byRejectedTokens: byTokens.slice(chosenCount),
  };
}

/** In float64, by the reference interpreter. */
export function pairLoss(settings: LossSettings, pair: PairNumbers, sftWeight = 0): PairLoss {
  const graph = lossGraph(settings, pair.chosenTokenLogps.length, pair.rejectedTokenLogps.length, sftWeight);
  return readLoss(interpret(graph, lossFeeds(graph, pair)), pair.chosenTokenLogps.length);
}
