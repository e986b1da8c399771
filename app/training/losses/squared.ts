/** Losses that aim at a number and punish the square of what is missing or too much. */
import type { LossSettingsOf } from "#app/domain/loss.ts";
import type { Value } from "#app/graph/types.ts";
import { type LossRow, logRatios, type PairValues, perToken, type Sides, square } from "./loss-row.ts";

/** (a − b − 1/(2β))². */
function squaredGap({ g }: PairValues, { chosen, rejected }: Sides, beta: number): Value {
  return square(g, g.sub(g.sub(chosen, rejected), g.constant([1 / (2 * beta)])));
}

/** IPO on log-ratios summed over tokens (arXiv 2310.12036, eq. 17, its τ is beta). */
export const ipoSummed: LossRow<LossSettingsOf<"ipo-summed">> = {
  reference: "firstPolicy",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta }) => squaredGap(pair, logRatios(pair), beta),
};

/** IPO on log-ratios averaged over tokens, as TRL's DPOTrainer has it. */
export const ipoTokenAveraged: LossRow<LossSettingsOf<"ipo-token-averaged">> = {
  reference: "firstPolicy",
  needs: ["lengths"],
  reward: "logRatio",
  build: (pair, { beta }) => squaredGap(pair, perToken(pair, logRatios(pair)), beta),
};

/** INPO (arXiv 2407.00617, section 3): IPO's square against the mix of the round's and the first policy. */
export const inpo: LossRow<LossSettingsOf<"inpo">> = {
  reference: "both",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta }) => squaredGap(pair, logRatios(pair), beta),
};

/** SPPO (arXiv 2405.00675, eq. 4.7): ½[(a − (P(chosen) − ½)/β)² + (b − (P(rejected) − ½)/β)²], P expected win rates. */
export const sppo: LossRow<LossSettingsOf<"sppo">> = {
  reference: "roundPolicy",
  needs: ["winRates"],
  reward: "logRatio",
  build: (pair, { beta }) => {
    const { g, column } = pair;
    const { chosen, rejected } = logRatios(pair);
    const aim = (winRates: Value): Value => g.scale(g.sub(winRates, g.constant([0.5])), 1 / beta);
    const missed = [g.sub(chosen, aim(column("chosenWinRates"))), g.sub(rejected, aim(column("rejectedWinRates")))] as const;
    return g.scale(g.add(square(g, missed[0]), square(g, missed[1])), 0.5);
  },
};

/** SPPO with P of 1 and 0, as TRL has it, without the factor ½: (a − 1/(2β))² + (b + 1/(2β))². */
export const sppoHard: LossRow<LossSettingsOf<"sppo-hard">> = {
  reference: "roundPolicy",
  needs: [],
  reward: "logRatio",
  build: (pair, { beta }) => {
    const { g } = pair;
    const { chosen, rejected } = logRatios(pair);
    const aim = g.constant([1 / (2 * beta)]);
    return g.add(square(g, g.sub(chosen, aim)), square(g, g.add(rejected, aim)));
  },
};
