/**
 * Rounds as a whole through a tiny language model: what the engine samples, judges by lookup, pairs and trains follows the
 * exact recursion on a table of answers. Answers of two to seven tokens; tests/long plays more games for longer.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import {
  averagePolicy,
  exploitability,
  games,
  hedgeBound,
  klDivergence,
  preferenceBetween,
  softPolicyRun,
  softPolicyStep,
  totalVariation,
  winRatesAgainst,
} from "#tests/support/games.ts";
import { ANSWERS, answering, pairsOfRound, type Play, playRounds, teachAnswers, trainOn } from "#tests/support/language-game.ts";

const [, , uneven, missedWinner] = games;
if (!uneven || !missedWinner) throw new Error("expected the games");

/** Of 256 samples a round. */
const SAMPLING_NOISE = 0.02;
const STEPS = { count: 60, learningRate: 0.003 };
const COUNTS = [2, 3, 4];

const sessions = createSessionCache(16, { threads: 1, fusion: "exact" });
afterAll(() => sessions.release());
let taught: PolicyModel;
let start: readonly number[];
beforeAll(async () => {
  taught = await teachAnswers(sessions, COUNTS, 1);
  start = (await answering(sessions, taught, 3)).policy;
});

it("imitation of mean token likelihoods weighs an answer by its count over its tokens", () => {
  // Tokens with the end of text: 2, 4 and 7.
  const weights = COUNTS.map((count, i) => count / ((ANSWERS[i]?.length ?? 0) + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  expect(
    totalVariation(
      start,
      weights.map((weight) => weight / total),
    ),
  ).toBeLessThan(0.01);
});

describe.each([
  { game: uneven, beta: 0.5, rounds: 8 },
  { game: missedWinner, beta: 0.2, rounds: 6 },
])("$game.name", ({ game, beta, rounds }) => {
  let play: Play;
  beforeAll(async () => {
    play = await playRounds(sessions, taught, game, rounds, { loss: { kind: "dno", beta, rewardScale: 1 }, samples: 64, steps: STEPS }, 1);
  });

  it("follows the table's policy in every round, with nothing but the game's answers", () => {
    const table = softPolicyRun(start, rounds, (policy) => softPolicyStep(game, policy, { beta }));
    play.policies.forEach((policy, round) => {
      expect(totalVariation(policy, table[round] ?? []), `round ${round}`).toBeLessThan(0.05);
    });
    expect(play.legalMass).toBeGreaterThan(0.85);
  });

  it("improves on the policy before by β KL, and the average policy keeps the hedge bound", () => {
    play.policies.slice(1).forEach((policy, round) => {
      const before = play.policies[round] ?? [];
      expect(preferenceBetween(game, policy, before)).toBeGreaterThan(0.5 + beta * klDivergence(policy, before) - SAMPLING_NOISE);
    });
    const average = averagePolicy(play.policies.slice(0, rounds));
    expect(exploitability(game, average)).toBeLessThan(hedgeBound(start, rounds, beta) + SAMPLING_NOISE);
    expect(exploitability(game, average)).toBeLessThan(exploitability(game, start));
  });
});

describe("on the pairs of one round", () => {
  it("summed log-ratios aim at the same whatever the lengths, means of tokens do not", async () => {
    // Two answers, one preferred always, of 2 and 7 tokens: IPO has one aim, a log-ratio gap of 1/(2β).
    const beta = 0.5;
    const [short, long] = [0, 2];
    const pairs = await pairsOfRound(sessions, taught, uneven, { samples: 64 }, 5);
    const tokensOf = (answer: number): number => (ANSWERS[answer]?.length ?? 0) + 1;
    const ofTwo = pairs.filter(({ chosenIds, rejectedIds }) => chosenIds.length === tokensOf(short) && rejectedIds.length === tokensOf(long));
    expect(ofTwo.length).toBeGreaterThan(2);
    const gapAfter = async (kind: "ipo-summed" | "ipo-token-averaged"): Promise<{ readonly gap: number; readonly meanGap: number }> => {
      const trained = await trainOn(sessions, taught, ofTwo, { loss: { kind, beta }, steps: STEPS });
      const { policy } = await answering(sessions, trained, 3);
      const ratio = (answer: number): number => Math.log((policy[answer] ?? Number.NaN) / (start[answer] ?? Number.NaN));
      return { gap: ratio(short) - ratio(long), meanGap: ratio(short) / tokensOf(short) - ratio(long) / tokensOf(long) };
    };
    const [summed, averaged] = [await gapAfter("ipo-summed"), await gapAfter("ipo-token-averaged")];
    expect(summed.gap).toBeCloseTo(1 / (2 * beta), 1);
    expect(averaged.meanGap).toBeCloseTo(1 / (2 * beta), 1);
    expect(averaged.gap).toBeGreaterThan(summed.gap + 0.5);
  });

  it("a fixed reference ends at the answer that won most against the first policy, and is beaten more than that policy was", async () => {
    const pairs = await pairsOfRound(sessions, taught, uneven, { samples: 64 }, 9);
    const offline = await trainOn(sessions, taught, pairs, { loss: { kind: "dpo", beta: 0.02 }, steps: { count: 100, learningRate: 0.02 } });
    const { policy } = await answering(sessions, offline, 3);
    const rates = winRatesAgainst(uneven, start);
    expect(policy[rates.indexOf(Math.max(...rates))]).toBeGreaterThan(0.95);
    expect(exploitability(uneven, policy)).toBeGreaterThan(1.5 * exploitability(uneven, start));
  });
});
