/** Graphs over packed pairs: log-probabilities alone, and the loss with its gradients by what is trained. */
import { gradients } from "#app/autodiff/gradients.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { buildDecoder, type Model, tokenInputs } from "#app/models/decoder.ts";
import type { Bucket } from "./buckets.ts";
import { type LossName, losses } from "./losses.ts";

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

type Scored = { readonly tokenLogps: Value; readonly responseLogps: Value; readonly parameters: ReadonlyMap<string, Value> };

function scorePairs(g: GraphBuilder, model: Model, batch: number, bucket: Bucket): Scored {
  const tokens = tokenInputs(g, model.config, batch, bucket.length);
  const mask = g.input("mask", [batch, 1, 1, bucket.length, bucket.length]);
  const decoder = buildDecoder(g, model, tokens, (_, q, k, v) => g.one("Attention", [q, k, v, mask]));
  const scored = g.one("Gather", [decoder.hidden, g.input("rows", [bucket.rows], "int64")]);
  const tokenLogps = g.one("TokenLogp", [scored, decoder.head, g.input("targets", [bucket.rows], "int64")]);
  const responseLogps = g.gemm(g.input("sides", [2 * batch, bucket.rows]), tokenLogps);
  return { tokenLogps, responseLogps, parameters: decoder.parameters };
}

/** Inputs: those of pair-packing.ts as ids, cos, sin, mask, rows, targets, sides, and the adapter's factors. */
export function buildPairScoringGraph(model: Model, batch: number, bucket: Bucket): Graph {
  const g = new GraphBuilder();
  const { tokenLogps, responseLogps } = scorePairs(g, model, batch, bucket);
  g.output(PAIR_OUTPUTS.tokenLogps, tokenLogps);
  g.output(PAIR_OUTPUTS.responseLogps, responseLogps);
  return g.build();
}

export type PairObjective = {
  readonly loss: LossName;
  readonly beta: number;
  /** Weight of the chosen response's mean token negative log-likelihood. */
  readonly sftWeight: number;
};

/**
 * Further inputs, each [batch, 1]: referenceChosen and referenceRejected (log-probabilities under the policy of the
 * round), weights (a pair's share in the batch's loss; 0 for rows without a pair) and inverseChosenLengths.
 * The differentiated loss is Σ weight · (loss + sftWeight · NLL).
 */
export function buildPairTrainingGraph(model: Model, batch: number, bucket: Bucket, objective: PairObjective): Graph {
  const g = new GraphBuilder();
  const { responseLogps, parameters } = scorePairs(g, model, batch, bucket);
  const column = [batch, 1];
  const chosen = g.slice(responseLogps, 0, 0, batch);
  const rejected = g.slice(responseLogps, 0, batch, 2 * batch);
  const pairLosses = losses[objective.loss]({
    g,
    chosenLogRatio: g.sub(chosen, g.input("referenceChosen", column)),
    rejectedLogRatio: g.sub(rejected, g.input("referenceRejected", column)),
    beta: objective.beta,
  });
  const weights = g.input("weights", column);
  const inverseChosenLengths = g.input("inverseChosenLengths", column);
  const likelihood = g.scale(g.neg(g.mul(chosen, inverseChosenLengths)), objective.sftWeight);
  const total = g.sum(g.mul(weights, objective.sftWeight === 0 ? pairLosses : g.add(pairLosses, likelihood)), [0, 1], false);
  g.output(PAIR_OUTPUTS.responseLogps, responseLogps);
  g.output(PAIR_OUTPUTS.losses, pairLosses);
  const names = [...parameters.keys()];
  gradients(g, total, [...parameters.values()]).forEach((gradient, i) => {
    g.output(gradientName(names[i] ?? ""), gradient);
  });
  return g.build();
}
