/** Graphs over packed pairs: log-probabilities alone, and the loss with its gradients by what is trained. */
import { gradients } from "#app/autodiff/gradients.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { dimOf } from "#app/graph/shapes.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { buildDecoder, type Decoder, type Model, tokenInputs, tokenLogpsOf } from "#app/models/decoder.ts";
import { maskInputs } from "#app/models/position-inputs.ts";
import { sumName } from "./adamw-graph.ts";
import type { Bucket } from "./buckets.ts";
import { buildLoss, columnsOf, type PairObjective } from "./losses.ts";
import { columnInputs } from "./losses/loss-row.ts";

export const PAIR_OUTPUTS = {
  /** log π(token | what it sees), [rows, 1]. */
  tokenLogps: "tokenLogps",
  /** Sums over the tokens of each response: chosen of each pair, then rejected of each, [2 · batch, 1]. */
  responseLogps: "responseLogps",
  /** Loss of each pair, [batch, 1]. */
  losses: "losses",
} as const;

/** The gradient of a factor is returned under this name. */
export function gradientName(factor: string): string {
  return `gradient:${factor}`;
}

/**
 * Queries of a block of attention. Blocks of 128 leave out a few more keys and take more nodes: a session of 512 positions
 * would take half as long again to make, and save a fiftieth of a run.
 */
const QUERY_BLOCK = 256;

type Scored = { readonly tokenLogps: Value; readonly responseLogps: Value; readonly decoder: Decoder };

function scorePairs(g: GraphBuilder, model: Model, batch: number, bucket: Bucket): Scored {
  const tokens = tokenInputs(g, model.config, batch, bucket.length);
  const maskOf = maskInputs(g, model.config, batch, bucket.length, bucket.length);
  const decoder = buildDecoder(g, model, tokens, (layer, q, k, v) => g.one("CausalAttention", [q, k, v, maskOf(layer)], { queryBlock: QUERY_BLOCK }));
  const scored = g.one("Gather", [decoder.hidden, g.input("rows", [bucket.rows], "int64")]);
  const tokenLogps = tokenLogpsOf(g, model.config, decoder, scored, g.input("targets", [bucket.rows], "int64"));
  const responseLogps = g.gemm(g.input("sides", [2 * batch, bucket.rows]), tokenLogps);
  return { tokenLogps, responseLogps, decoder };
}

/** Inputs: ids, rows, targets and sides of pair-packing.ts, those of position-inputs.ts, and the adapter's factors. */
export function buildPairScoringGraph(model: Model, batch: number, bucket: Bucket): Graph {
  const g = new GraphBuilder();
  const { tokenLogps, responseLogps } = scorePairs(g, model, batch, bucket);
  g.output(PAIR_OUTPUTS.tokenLogps, tokenLogps);
  g.output(PAIR_OUTPUTS.responseLogps, responseLogps);
  return g.build();
}

/** How gradients are computed, which changes none of them. */
export type GradientMode = {
  /** Keep what lies between the layers alone, and compute each layer again for its gradients. */
  readonly recompute?: boolean;
};

/** The gradients of a run are its outputs, or are added to sums that stay on the device. */
export type GradientUse = "returned" | "summed";

/** What is kept of the sums that a run adds to, []: 0 in the first run of a step, else 1. */
export const KEPT_SUM = "keptSum";

/**
 * Further inputs, each [batch, 1]: the columns of the objective, and weights (a pair's share in the batch's loss; 0 for
 * rows without a pair). Where gradients are summed also the sums by `sumName`, and keptSum; a gradient's output is then
 * the new sum, to be written over the old one.
 */
export function buildPairTrainingGraph(
  model: Model,
  batch: number,
  bucket: Bucket,
  objective: PairObjective & GradientMode,
  use: GradientUse = "returned",
): Graph {
  const g = new GraphBuilder();
  const { responseLogps, decoder } = scorePairs(g, model, batch, bucket);
  const { pairLosses, total } = buildObjective(g, responseLogps, objective);
  g.output(PAIR_OUTPUTS.responseLogps, responseLogps);
  g.output(PAIR_OUTPUTS.losses, pairLosses);
  const names = [...decoder.parameters.keys()];
  const kept = use === "summed" ? g.input(KEPT_SUM, []) : undefined;
  gradients(g, total, [...decoder.parameters.values()], objective.recompute === true ? decoder.layers : []).forEach((gradient, i) => {
    const name = names[i] ?? "";
    // The old sum is read by the product alone, so that the sum may be written over it.
    const sum = kept === undefined ? gradient : g.add(g.mul(g.input(sumName(name), gradient.shape), kept), gradient);
    g.output(gradientName(name), sum);
  });
  return g.build();
}

/** The loss of each pair without its gradients. Further inputs, each [batch, 1]: the columns of the loss. */
export function buildPairLossGraph(model: Model, batch: number, bucket: Bucket, loss: LossSettings): Graph {
  const g = new GraphBuilder();
  const { responseLogps } = scorePairs(g, model, batch, bucket);
  const column = columnInputs(g, batch, columnsOf({ loss, sftWeight: 0 }));
  const [chosenLogps, rejectedLogps] = [g.slice(responseLogps, 0, 0, batch), g.slice(responseLogps, 0, batch, 2 * batch)];
  g.output(PAIR_OUTPUTS.responseLogps, responseLogps);
  g.output(PAIR_OUTPUTS.losses, buildLoss({ g, chosenLogps, rejectedLogps, column }, loss));
  return g.build();
}

/**
 * From the sums over responses, [2 · batch, 1], to the loss of each pair, [batch, 1], and the number that is
 * differentiated, Σ weight · (loss + sftWeight · NLL).
 */
export function buildObjective(
  g: GraphBuilder,
  responseLogps: Value,
  objective: PairObjective,
): { readonly pairLosses: Value; readonly total: Value } {
  const batch = dimOf(responseLogps.shape, 0) / 2;
  const chosenLogps = g.slice(responseLogps, 0, 0, batch);
  const rejectedLogps = g.slice(responseLogps, 0, batch, 2 * batch);
  const column = columnInputs(g, batch, columnsOf(objective));
  const pairLosses = buildLoss({ g, chosenLogps, rejectedLogps, column }, objective.loss);
  const weights = g.input("weights", [batch, 1]);
  if (objective.sftWeight === 0) return { pairLosses, total: g.sum(g.mul(weights, pairLosses), [0, 1], false) };
  const likelihood = g.scale(g.neg(g.mul(chosenLogps, column("inverseChosenLengths"))), objective.sftWeight);
  return { pairLosses, total: g.sum(g.mul(weights, g.add(pairLosses, likelihood)), [0, 1], false) };
}
