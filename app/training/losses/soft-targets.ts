/** DNO with soft targets: how much better the chosen response is, as win rates say, is what the policy learns. */
import type { LossSettingsOf } from "#app/domain/loss.ts";
import type { Value } from "#app/graph/types.ts";
import { logisticLoss } from "./logistic.ts";
import { type LossRow, logRatios, type PairValues } from "./loss-row.ts";

type SoftTargetSettings = { readonly beta: number; readonly rewardScale: number };

/**
 * −z log σ(βΔ) − (1 − z) log σ(−βΔ) with z = σ(c(r(chosen) − r(rejected))) (arXiv 2404.03715, Algorithm 1). Its minimum
 * is at βΔ = c(r(chosen) − r(rejected)); both terms are kept, as their difference would cancel for large Δ.
 */
function softTargets(pair: PairValues, { beta, rewardScale }: SoftTargetSettings): Value {
  const { g, column } = pair;
  const { chosen, rejected } = logRatios(pair);
  const gap = g.scale(g.sub(column("chosenWinRates"), column("rejectedWinRates")), rewardScale);
  const asChosen = g.mul(g.one("Sigmoid", [gap]), logisticLoss(g, { chosen, rejected }, beta));
  const asRejected = g.mul(g.one("Sigmoid", [g.neg(gap)]), logisticLoss(g, { chosen: rejected, rejected: chosen }, beta));
  return g.add(asChosen, asRejected);
}

/** DNO (arXiv 2404.03715, Algorithm 1). */
export const dno: LossRow<LossSettingsOf<"dno">> = { reference: "roundPolicy", needs: ["winRates"], reward: "logRatio", build: softTargets };

/** Regularised DNO, option I (appendix A): the reference is the mix, win rates are against the round's policy. */
export const regularisedDno1: LossRow<LossSettingsOf<"regularised-dno-1">> = {
  reference: "both",
  needs: ["winRates"],
  reward: "logRatio",
  build: softTargets,
};

/** Regularised DNO, option II (appendix A): as option I, with responses from the mixed policy and win rates against it. */
export const regularisedDno2: LossRow<LossSettingsOf<"regularised-dno-2">> = {
  reference: "both",
  needs: ["winRates"],
  reward: "logRatio",
  build: softTargets,
};
