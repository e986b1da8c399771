/** KTO on pairs: each response is judged on its own, against how far the policy has moved in general. */
import type { LossSettingsOf } from "#app/domain/loss.ts";
import { type LossRow, logRatios } from "./loss-row.ts";

/**
 * KTO (arXiv 2402.01306): λ_D (1 − σ(β(a − z₀))) for the chosen and λ_U (1 − σ(β(z₀ − b))) for the rejected response,
 * and of a pair the mean of the two, so that a batch of pairs costs the mean over its responses. z₀, without gradient, is
 * the greater of 0 and the batch's mean log-ratio of responses to prompts that are not their own; the trainer computes it.
 */
export const kto: LossRow<LossSettingsOf<"kto">> = {
  reference: "firstPolicy",
  needs: ["mismatchedLogRatio"],
  reward: "logRatio",
  build: (pair, { beta, desirableWeight, undesirableWeight }) => {
    const { g, column } = pair;
    const { chosen, rejected } = logRatios(pair);
    const moved = column("mismatchedLogRatio");
    const desirable = g.one("Sigmoid", [g.scale(g.sub(moved, chosen), beta)]);
    const undesirable = g.one("Sigmoid", [g.scale(g.sub(rejected, moved), beta)]);
    return g.add(g.scale(desirable, desirableWeight / 2), g.scale(undesirable, undesirableWeight / 2));
  },
};
