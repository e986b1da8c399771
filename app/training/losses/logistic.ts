/** Losses of one number a pair, the gap between the log-ratios of the chosen and of the rejected response. */
import type { LossSettingsOf } from "#app/domain/loss.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Value } from "#app/graph/types.ts";
import { type LossRow, logRatios, type PairValues, perToken, type Sides } from "./loss-row.ts";

/** −log σ(β(a − b)) = softplus(β(b − a)), which no margin makes overflow. */
export function logisticLoss(g: GraphBuilder, { chosen, rejected }: Sides, beta: number): Value {
  return g.one("Softplus", [g.scale(g.sub(rejected, chosen), beta)]);
}

/** The same for the pair the other way round: −log σ(β(b − a)). */
function flippedLoss(g: GraphBuilder, { chosen, rejected }: Sides, beta: number): Value {
  return logisticLoss(g, { chosen: rejected, rejected: chosen }, beta);
}

function logistic(pair: PairValues, { beta }: { readonly beta: number }): Value {
  return logisticLoss(pair.g, logRatios(pair), beta);
}

/** DNO-Prct (arXiv 2404.03715, eq. 13). */
export const dnoPrct: LossRow<LossSettingsOf<"dno-prct">> = { reference: "roundPolicy", needs: [], reward: "logRatio", build: logistic };

/** SPIN (arXiv 2401.01335, eq. 4.7): the teacher's response is the chosen one, a sample of the round's policy the rejected one. */
export const spin: LossRow<LossSettingsOf<"spin">> = { reference: "roundPolicy", needs: [], reward: "logRatio", build: logistic };

/** DPO (arXiv 2305.18290, eq. 7). */
export const dpo: LossRow<LossSettingsOf<"dpo">> = { reference: "firstPolicy", needs: [], reward: "logRatio", build: logistic };

/** Length-normalised DPO (Tülu 3, arXiv 2411.15124): log-ratios a token. */
export const lengthNormalised: LossRow<LossSettingsOf<"length-normalised">> = {
  reference: "firstPolicy",
  needs: ["lengths"],
  reward: "logRatio",
  build: (pair, { beta }) => logisticLoss(pair.g, perToken(pair, logRatios(pair)), beta),
};

/** SLiC's hinge on DPO's rewards (arXiv 2305.10425): max(0, 1 − β(a − b)). */
export const hinge: LossRow<LossSettingsOf<"hinge">> = {
  reference: "firstPolicy",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta }) => {
    const { g } = pair;
    const { chosen, rejected } = logRatios(pair);
    return g.one("Relu", [g.sub(g.constant([1]), g.scale(g.sub(chosen, rejected), beta))]);
  },
};

/** Conservative DPO (Mitchell, 2023): with labels flipped at rate ε, the expected loss −(1 − ε) log σ(βΔ) − ε log σ(−βΔ). */
export const cdpo: LossRow<LossSettingsOf<"cdpo">> = {
  reference: "firstPolicy",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta, labelNoise }) => {
    const { g } = pair;
    const sides = logRatios(pair);
    return g.add(g.scale(logisticLoss(g, sides, beta), 1 - labelNoise), g.scale(flippedLoss(g, sides, beta), labelNoise));
  },
};

/** Robust DPO (arXiv 2403.00409): without bias under labels flipped at rate ε, [−(1 − ε) log σ(βΔ) + ε log σ(−βΔ)] / (1 − 2ε). */
export const robust: LossRow<LossSettingsOf<"robust">> = {
  reference: "firstPolicy",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta, labelNoise }) => {
    const { g } = pair;
    const sides = logRatios(pair);
    const rest = 1 - 2 * labelNoise;
    return g.sub(g.scale(logisticLoss(g, sides, beta), (1 - labelNoise) / rest), g.scale(flippedLoss(g, sides, beta), labelNoise / rest));
  },
};
