/** What a training step reports, under TRL's names. */
import type { LossSettings } from "#app/domain/loss.ts";
import { losses } from "./losses.ts";

export type PairScores = {
  readonly loss: number;
  readonly chosenLogp: number;
  readonly rejectedLogp: number;
  /** log π − log reference; null for a loss without a reference. */
  readonly logRatios: { readonly chosen: number; readonly rejected: number } | null;
  readonly chosenLength: number;
  readonly rejectedLength: number;
};

export type PairFacts = {
  readonly pairs: readonly PairScores[];
  readonly loss: LossSettings;
  readonly sftWeight: number;
};

export type StepFacts = PairFacts & {
  /** The batch's mean log-ratio of mismatched responses, for the loss that needs it. */
  readonly mismatchedLogRatio: number | null;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly epoch: number;
  /** Tokens of all pairs so far, prompts counted once a pair. */
  readonly tokensSeen: number;
};

/** Metrics that tell how the machine fares: tokens of a step by its time, and the memory that the engine's process holds. They do not replay. */
export const MACHINE_METRICS = ["tokens_per_second", "memory_bytes"] as const;

type Rewards = { readonly chosen: number; readonly rejected: number };

/** β · log-ratio in nats; for losses without a reference β · mean log-probability of a token, or none. */
function rewardsOf(pair: PairScores, loss: LossSettings): Rewards | undefined {
  const { reward } = losses[loss.kind];
  const beta = "beta" in loss ? loss.beta : 0;
  switch (reward) {
    case "none":
      return undefined;
    case "meanLogp":
      return { chosen: (beta * pair.chosenLogp) / pair.chosenLength, rejected: (beta * pair.rejectedLogp) / pair.rejectedLength };
    case "logRatio":
      return pair.logRatios === null ? undefined : { chosen: beta * pair.logRatios.chosen, rejected: beta * pair.logRatios.rejected };
    default:
      return reward satisfies never;
  }
}

/** Means over the pairs of a step, and what the step did. */
export function stepMetrics(facts: StepFacts): Readonly<Record<string, number>> {
  return {
    ...pairMetrics(facts),
    ...(facts.mismatchedLogRatio === null ? {} : { kl: facts.mismatchedLogRatio }),
    grad_norm: facts.gradNorm,
    learning_rate: facts.learningRate,
    epoch: facts.epoch,
    num_tokens: facts.tokensSeen,
  };
}

/** Means over pairs. */
export function pairMetrics({ pairs, loss, sftWeight }: PairFacts): Readonly<Record<string, number>> {
  const mean = (of: (pair: PairScores) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const rewards = pairs.flatMap((pair) => rewardsOf(pair, loss) ?? []);
  const meanReward = (of: (reward: Rewards) => number): number => rewards.reduce((sum, reward) => sum + of(reward), 0) / rewards.length;
  const nll = mean((pair) => -pair.chosenLogp / pair.chosenLength);
  return {
    loss: mean((pair) => pair.loss) + sftWeight * nll,
    ...(rewards.length === 0
      ? {}
      : {
          "rewards/chosen": meanReward((reward) => reward.chosen),
          "rewards/rejected": meanReward((reward) => reward.rejected),
          "rewards/margins": meanReward((reward) => reward.chosen - reward.rejected),
          "rewards/accuracies": meanReward((reward) => (reward.chosen > reward.rejected ? 1 : 0)),
        }),
    "logps/chosen": mean((pair) => pair.chosenLogp),
    ...(losses[loss.kind].sides === "chosen" ? {} : { "logps/rejected": mean((pair) => pair.rejectedLogp) }),
    nll_loss: nll,
  };
}
