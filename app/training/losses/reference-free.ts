/** Losses that need no reference: what counts is the mean log-probability of a token. */
import type { LossSettingsOf } from "#app/domain/loss.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Value } from "#app/graph/types.ts";
import { type LossRow, meanLogps } from "./loss-row.ts";

/** SimPO (arXiv 2405.14734, eq. 6): −log σ(β(A − B) − γ) with A, B mean log-probabilities and γ = β · gammaRatio. */
export const simpo: LossRow<LossSettingsOf<"simpo">> = {
  reference: "none",
  needs: ["lengths"],
  reward: "meanLogp",
  build: (pair, { beta, gammaRatio }) => {
    const { g } = pair;
    const { chosen, rejected } = meanLogps(pair);
    return g.one("Softplus", [g.scale(g.add(g.sub(rejected, chosen), g.constant([gammaRatio])), beta)]);
  },
};

/** Mean log-probabilities nearer to 0 are taken as this: odds stay finite, in rows without a pair too. */
const LARGEST_MEAN_LOGP = -1e-6;

/** log(p / (1 − p)) of p = exp(A). 1 − exp(A) = −tanh(A/2) (1 + exp(A)), which does not cancel where p is near 1. */
function logOdds(g: GraphBuilder, meanLogp: Value): Value {
  const limit = g.constant([LARGEST_MEAN_LOGP]);
  const below = g.sub(limit, g.one("Relu", [g.sub(limit, meanLogp)]));
  const rest = g.mul(g.neg(g.one("Tanh", [g.scale(below, 0.5)])), g.add(g.constant([1]), g.one("Exp", [below])));
  return g.sub(below, g.one("Log", [rest]));
}

/**
 * ORPO (arXiv 2403.07691, eq. 6 and 7): −A − β log σ(log odds(chosen) − log odds(rejected)), odds of exp of the mean
 * log-probability. The likelihood is the response's; TRL's counts the prompt too.
 */
export const orpo: LossRow<LossSettingsOf<"orpo">> = {
  reference: "none",
  needs: ["lengths"],
  reward: "meanLogp",
  build: (pair, { beta }) => {
    const { g } = pair;
    const { chosen, rejected } = meanLogps(pair);
    const preference = g.one("Softplus", [g.sub(logOdds(g, rejected), logOdds(g, chosen))]);
    return g.sub(g.scale(preference, beta), chosen);
  },
};

/** The chosen response's mean negative log-likelihood of a token; the rejected one does not count. */
export const sft: LossRow<LossSettingsOf<"sft">> = {
  reference: "none",
  needs: ["chosenLengths"],
  reward: "none",
  sides: "chosen",
  build: ({ g, chosenLogps, column }) => g.neg(g.mul(chosenLogps, column("inverseChosenLengths"))),
};
