/** More games through the tiny language model, for longer: where preferences cycle, where they do not, and the regularised game. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import {
  averagePolicy,
  exploitability,
  games,
  hedgeBound,
  klDivergence,
  moreGames,
  preferenceBetween,
  type PreferenceGame,
  softmax,
  softPolicyRun,
  softPolicyStep,
  totalVariation,
  winRatesAgainst,
} from "#tests/support/games.ts";
import { answering, playRounds, teachAnswers } from "#tests/support/language-game.ts";
import { writeRecord } from "#tools/results/record.ts";

const [strict, soft, uneven, missedWinner, fromScores] = games;
const [withDud, cycleOfFive] = moreGames;
if (!strict || !soft || !uneven || !missedWinner || !fromScores || !withDud || !cycleOfFive) throw new Error("expected all the games");

/** A prompt and round; there are four prompts. */
const SAMPLES = 128;
/** Answers of the game, or what is compared with the table is another game: with many more strings, all of them losing. */
const LEAST_LEGAL_MASS = 0.85;
const STEPS = { count: 80, learningRate: 0.003 };
const SAMPLING_NOISE = 0.02;

const sessions = createSessionCache(24, { threads: 2, fusion: "exact" });
const models = new Map<number, PolicyModel>();
beforeAll(async () => {
  // Counts that make about even policies, as answers count over their tokens: 2, 4, 7, 3 and 6.
  for (const size of [3, 4, 5]) models.set(size, await teachAnswers(sessions, [2, 4, 6, 3, 6].slice(0, size), 1));
});
afterAll(() => sessions.release());

function modelFor(game: PreferenceGame): PolicyModel {
  const model = models.get(game.matrix.length);
  if (model === undefined) throw new Error(`no model for ${game.name}`);
  return model;
}

const rows: (string | number)[][] = [];
afterAll(() => {
  writeRecord("language-games", {
    section: "Correctness",
    title: "Games through a tiny language model",
    summary:
      "A one-layer model whose answers are the moves of a game, trained round by round by the lab's own engine with soft-target DNO, against the exact recursion on a table: the largest total variation over all rounds, and how far the average and the last policy can be beaten.",
    commands: ["npm run test:long -- tests/long/language-game.test.ts"],
    sources: ["app/training", "app/preferences", "app/judging", "main/engine/training", "main/engine/sampling"],
    tables: [
      {
        columns: [
          "game",
          "beta",
          "rounds",
          "samples a round",
          "least legal mass",
          "largest TV",
          "start beaten by",
          "average beaten by",
          "last beaten by",
        ],
        rows,
      },
    ],
    notes: [
      "The table has no sampling noise. The strict cycle carries it outward: with 512 samples a round the largest TV over six rounds was .051, with 2,048 about half of that.",
      "Legal mass: the least probability of answering with a move at all. The loss holds differences of log-probabilities, not the sum: with preferences from scores at beta .2 the first round left .08 of it (likelihood displacement), and from there on the rounds played another game than the table's.",
    ],
  });
});

describe.each([
  // The spiral carries sampling noise outward too: the strict cycle is followed for few rounds and with more samples.
  { game: strict, beta: 0.5, rounds: 6, samples: 4 * SAMPLES },
  { game: soft, beta: 0.5, rounds: 16, samples: SAMPLES },
  { game: uneven, beta: 0.5, rounds: 16, samples: SAMPLES },
  { game: missedWinner, beta: 0.2, rounds: 16, samples: SAMPLES },
  { game: fromScores, beta: 0.5, rounds: 12, samples: SAMPLES },
  { game: withDud, beta: 0.5, rounds: 12, samples: SAMPLES },
  { game: cycleOfFive, beta: 0.5, rounds: 12, samples: SAMPLES },
])("$game.name", ({ game, beta, rounds, samples }) => {
  it(`follows the table over ${rounds} rounds, improves on each policy before and keeps the hedge bound`, { timeout: 600_000 }, async () => {
    const model = modelFor(game);
    const play = await playRounds(sessions, model, game, rounds, { loss: { kind: "dno", beta, rewardScale: 1 }, samples, steps: STEPS }, 3);
    const [start = []] = play.policies;
    const table = softPolicyRun(start, rounds, (policy) => softPolicyStep(game, policy, { beta }));
    const distances = play.policies.map((policy, round) => totalVariation(policy, table[round] ?? []));
    const average = averagePolicy(play.policies.slice(0, rounds));
    const last = play.policies.at(-1) ?? [];
    rows.push([
      game.name,
      beta,
      rounds,
      4 * samples,
      ...[play.legalMass, Math.max(...distances), ...[start, average, last].map((policy) => exploitability(game, policy))].map(rounded),
    ]);
    expect(play.legalMass).toBeGreaterThan(LEAST_LEGAL_MASS);
    expect(Math.max(...distances)).toBeLessThan(0.05);
    expect(exploitability(game, average)).toBeLessThan(hedgeBound(start, rounds, beta) + SAMPLING_NOISE);
    play.policies.slice(1).forEach((policy, round) => {
      const before = play.policies[round] ?? [];
      expect(preferenceBetween(game, policy, before)).toBeGreaterThan(0.5 + beta * klDivergence(policy, before) - SAMPLING_NOISE);
    });
    // A pure equilibrium is reached by the last policy; around a mixed one it spirals outward.
    if (game.isPure) expect(exploitability(game, last)).toBeLessThan(0.02);
    if (game === strict) expect(exploitability(game, last)).toBeGreaterThan(2 * exploitability(game, start));
  });
});

it("with the pull to the first policy the last policy settles at the regularised equilibrium", { timeout: 600_000 }, async () => {
  const [beta, share] = [0.5, 0.4];
  const settings = { loss: { kind: "regularised-dno-1", beta, rewardScale: 1, firstPolicyShare: share } as const, samples: SAMPLES, steps: STEPS };
  const { policies } = await playRounds(sessions, modelFor(uneven), uneven, 14, settings, 4);
  const { policy: first } = await answering(sessions, modelFor(uneven), 3);
  // π* ∝ π_1 exp(P(y ≻ π*)/τ), τ = share · β, by small steps.
  let equilibrium: readonly number[] = first;
  for (let i = 0; i < 3000; i++) {
    const rates = winRatesAgainst(uneven, equilibrium);
    const target = softmax(first.map((p, k) => Math.log(p) + (rates[k] ?? Number.NaN) / (share * beta)));
    equilibrium = equilibrium.map((p, k) => 0.98 * p + 0.02 * (target[k] ?? Number.NaN));
  }
  for (const policy of policies.slice(-3)) expect(totalVariation(policy, equilibrium)).toBeLessThan(0.05);
  // Which is not where the same rounds go without the pull.
  const unpulled = softPolicyRun(first, 14, (policy) => softPolicyStep(uneven, policy, { beta })).at(-1) ?? [];
  expect(totalVariation(unpulled, equilibrium)).toBeGreaterThan(0.1);
});

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
