/** What a training step reports, under TRL's names. */

export type PairScores = {
  readonly loss: number;
  readonly chosenLogp: number;
  readonly rejectedLogp: number;
  readonly referenceChosen: number;
  readonly referenceRejected: number;
  readonly chosenLength: number;
};

export type StepFacts = {
  readonly pairs: readonly PairScores[];
  readonly beta: number;
  readonly sftWeight: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly epoch: number;
};

/** Means over the pairs of a step; rewards are β · log-ratio, in nats. */
export function stepMetrics(facts: StepFacts): Readonly<Record<string, number>> {
  const { pairs, beta, sftWeight } = facts;
  const mean = (of: (pair: PairScores) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const chosenReward = (pair: PairScores): number => beta * (pair.chosenLogp - pair.referenceChosen);
  const rejectedReward = (pair: PairScores): number => beta * (pair.rejectedLogp - pair.referenceRejected);
  const nll = mean((pair) => -pair.chosenLogp / pair.chosenLength);
  return {
    loss: mean((pair) => pair.loss) + sftWeight * nll,
    "rewards/chosen": mean(chosenReward),
    "rewards/rejected": mean(rejectedReward),
    "rewards/margins": mean((pair) => chosenReward(pair) - rejectedReward(pair)),
    "rewards/accuracies": mean((pair) => (chosenReward(pair) > rejectedReward(pair) ? 1 : 0)),
    "logps/chosen": mean((pair) => pair.chosenLogp),
    "logps/rejected": mean((pair) => pair.rejectedLogp),
    nll_loss: nll,
    grad_norm: facts.gradNorm,
    learning_rate: facts.learningRate,
    epoch: facts.epoch,
  };
}
