/** Metrics of a step, worked out by hand, under TRL's names. */
import { expect, test } from "vitest";
import { type PairScores, stepMetrics } from "#app/training/metrics.ts";

const facts = {
  loss: { kind: "dno-prct", beta: 0.5 },
  sftWeight: 0.1,
  mismatchedLogRatio: null,
  gradNorm: 3,
  learningRate: 1e-4,
  epoch: 0.25,
  tokensSeen: 42,
} as const;
const pairs: readonly PairScores[] = [
  // Rewards 1 and -1.
  { loss: 0.2, chosenLogp: -8, rejectedLogp: -12, logRatios: { chosen: 2, rejected: -2 }, chosenLength: 4, rejectedLength: 4 },
  // Both fall, the chosen one more: rewards -2 and -1.
  { loss: 0.6, chosenLogp: -14, rejectedLogp: -9, logRatios: { chosen: -4, rejected: -2 }, chosenLength: 7, rejectedLength: 2 },
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
    num_tokens: 42,
  };
  expect(Object.keys(metrics).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(metrics[name], name).toBeCloseTo(value, 12);
});

test("a pair whose rewards are equal is not counted as right", () => {
  const even: PairScores = {
    loss: Math.LN2,
    chosenLogp: -5,
    rejectedLogp: -6,
    logRatios: { chosen: 0, rejected: 0 },
    chosenLength: 2,
    rejectedLength: 2,
  };
  expect(stepMetrics({ ...facts, pairs: [even] })).toMatchObject({ "rewards/accuracies": 0, "rewards/margins": 0 });
});

test("without a reference rewards are β times the mean log-probability of a token, and imitation has none", () => {
  const free = pairs.map((pair) => ({ ...pair, logRatios: null }));
  const simpo = stepMetrics({ ...facts, pairs: free, loss: { kind: "simpo", beta: 2, gammaRatio: 0.5 } });
  // 2 · (-8/4) and 2 · (-14/7) against 2 · (-12/4) and 2 · (-9/2).
  expect(simpo).toMatchObject({ "rewards/chosen": -4, "rewards/rejected": -7.5, "rewards/margins": 3.5, "rewards/accuracies": 1 });
  const ofImitation = Object.keys(stepMetrics({ ...facts, pairs: free, loss: { kind: "sft" } }));
  // Nor does it look at rejected responses.
  expect(ofImitation.filter((name) => name.startsWith("rewards") || name.includes("rejected"))).toEqual([]);
});

test("the log-ratio of mismatched responses is reported as kl", () => {
  expect(stepMetrics({ ...facts, pairs, mismatchedLogRatio: 0.25 })).toMatchObject({ kl: 0.25 });
});
