/** Metrics of a step, worked out by hand, under TRL's names. */
import { expect, test } from "vitest";
import { type PairScores, stepMetrics } from "#app/training/metrics.ts";

const facts = { beta: 0.5, sftWeight: 0.1, gradNorm: 3, learningRate: 1e-4, epoch: 0.25 };
const pairs: readonly PairScores[] = [
  // Log-ratios 2 and -2: rewards 1 and -1.
  { loss: 0.2, chosenLogp: -8, rejectedLogp: -12, referenceChosen: -10, referenceRejected: -10, chosenLength: 4 },
  // Both fall, the chosen one more: rewards -2 and -1.
  { loss: 0.6, chosenLogp: -14, rejectedLogp: -9, referenceChosen: -10, referenceRejected: -7, chosenLength: 7 },
];

test("means over the pairs; the loss has its SFT part; log-probabilities are sums in nats", () => {
  const metrics = stepMetrics({ ...facts, pairs });
  const expected: Readonly<Record<string, number>> = {
    // NLL a token: 8/4 and 14/7.
    nll_loss: 2,
    loss: 0.4 + 0.1 * 2,
    "rewards/chosen": -0.5,
    "rewards/rejected": -1,
    "rewards/margins": 0.5,
    "rewards/accuracies": 0.5,
    "logps/chosen": -11,
    "logps/rejected": -10.5,
    grad_norm: 3,
    learning_rate: 1e-4,
    epoch: 0.25,
  };
  expect(Object.keys(metrics).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(metrics[name], name).toBeCloseTo(value, 12);
});

test("a pair whose rewards are equal is not counted as right", () => {
  const even: PairScores = { loss: Math.LN2, chosenLogp: -5, rejectedLogp: -6, referenceChosen: -5, referenceRejected: -6, chosenLength: 2 };
  expect(stepMetrics({ ...facts, pairs: [even] })).toMatchObject({ "rewards/accuracies": 0, "rewards/margins": 0 });
});
