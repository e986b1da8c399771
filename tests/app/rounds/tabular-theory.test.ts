/**
 * What theory promises of a round and of many, on games with known equilibria: the lab's losses have the soft policy
 * iteration as their minimum, and that iteration improves, averages, settles and spirals as it should. Figures in tables
 * come from a simulation in NumPy; others are worked out where they stand.
 */
import { describe, expect, test } from "vitest";
import { type LossSettings, lossSettingsSchema } from "#app/domain/loss.ts";
import { effectiveReference } from "#app/training/references.ts";
import {
  averagePolicy,
  exploitability,
  games,
  hedgeBound,
  klDivergence,
  mixedLogs,
  moreGames,
  preferenceBetween,
  type PreferenceGame,
  softmax,
  softPolicyRun,
  softPolicyStep,
  type SoftStep,
  totalVariation,
  unevenStart,
  winRatesAgainst,
  withClone,
} from "#tests/support/games.ts";
import { fc } from "#tests/support/properties.ts";
import { orderedPairs, tableLoss } from "#tests/support/table-policy.ts";

const [strict, soft, uneven, missedWinner, fromScores] = games;
const [withDud, cycleOfFive] = moreGames;
if (!strict || !soft || !uneven || !missedWinner || !fromScores || !withDud || !cycleOfFive) throw new Error("expected all the games");
const allGames = [...games, ...moreGames];
const uniform = (size: number): number[] => Array.from({ length: size }, () => 1 / size);

/** A policy's gradient of a loss over pairs that the weights say; all of them 0 at a minimum. */
function pull(settings: LossSettings, policy: readonly number[], feeds: Omit<Parameters<ReturnType<typeof tableLoss>>[0], "logits">): number {
  const { gradient } = tableLoss(policy.length, settings)({ ...feeds, logits: policy.map(Math.log) });
  return Math.max(...gradient.map(Math.abs));
}

/** References as the trainer mixes them, in float32 as it keeps them. */
function referenceOf(settings: LossSettings, policy: readonly number[], first: readonly number[]): number[] {
  const logps = (of: readonly number[]) => ({ chosen: Float32Array.from(of, Math.log), rejected: Float32Array.from(of, Math.log) });
  return [...(effectiveReference({ roundPolicy: logps(policy), firstPolicy: logps(first) }, settings)?.chosen ?? [])];
}

/** Any positive weight for each pair: with full support it does not matter whence the pairs come. */
const anyWeights = (size: number): number[] => orderedPairs(size).map((_, k) => 0.2 + ((k * 7) % 5) / 5);
/** Pairs of two draws from the policy, the winner of a comparison as the chosen one. */
const onPolicyWeights = (game: PreferenceGame, policy: readonly number[]): number[] =>
  orderedPairs(policy.length).map(([a, b]) => (policy[a] ?? 0) * (policy[b] ?? 0) * (game.matrix[a]?.[b] ?? 0));

/** Float32 rounding of the references, times 1/β. */
const AT_MINIMUM = 1e-6;

describe.each([uneven, missedWinner, cycleOfFive])("the minimum of a round's loss: $name", (game) => {
  const size = game.matrix.length;
  const policy = unevenStart(size);
  const first = softmax(policy.map((_, i) => ((i * 3) % 4) / 3));

  test.each([0.1, 0.5, 2])("of soft-target DNO is the soft policy iteration, at β %d, whatever the pairs", (beta) => {
    const settings: LossSettings = { kind: "dno", beta, rewardScale: 1 };
    const feeds = { reference: referenceOf(settings, policy, first), weights: anyWeights(size), winRates: winRatesAgainst(game, policy) };
    expect(pull(settings, softPolicyStep(game, policy, { beta }), feeds)).toBeLessThan(AT_MINIMUM);
    expect(pull(settings, policy, feeds)).toBeGreaterThan(1e-3);
  });

  test.each(["regularised-dno-1", "regularised-dno-2"] as const)("of %s is the same from the mixed reference", (kind) => {
    const settings = lossSettingsSchema.parse({ kind, beta: 0.5, firstPolicyShare: 0.4 });
    const anchor = { policy: first, share: 0.4 };
    // Option II compares with the mixed policy itself.
    const opponent = kind === "regularised-dno-1" ? policy : softmax(mixedLogs(policy, anchor));
    const feeds = { reference: referenceOf(settings, policy, first), weights: anyWeights(size), winRates: winRatesAgainst(game, opponent) };
    expect(pull(settings, softPolicyStep(game, policy, { beta: 0.5, anchor, opponent }), feeds)).toBeLessThan(AT_MINIMUM);
    expect(pull(settings, softPolicyStep(game, policy, { beta: 0.5 }), feeds)).toBeGreaterThan(1e-3);
  });

  test("of INPO is that too, from single verdicts on pairs of the round's own policy", () => {
    const settings = lossSettingsSchema.parse({ kind: "inpo", beta: 0.5, firstPolicyShare: 0.4 });
    const feeds = { reference: referenceOf(settings, policy, first), weights: onPolicyWeights(game, policy) };
    const target = softPolicyStep(game, policy, { beta: 0.5, anchor: { policy: first, share: 0.4 } });
    expect(pull(settings, target, feeds)).toBeLessThan(AT_MINIMUM);
    expect(pull(settings, policy, feeds)).toBeGreaterThan(1e-3);
  });
});

describe.each(allGames)("soft policy iteration: $name", (game) => {
  const size = game.matrix.length;
  const start = unevenStart(size);

  test.each([0.1, 0.5, 1, 2, 5])("each round improves on the one before by β KL at least, and averages keep the hedge bound, at β %d", (beta) => {
    const policies = softPolicyRun(start, 500, (policy) => softPolicyStep(game, policy, { beta }));
    for (const [t, next] of policies.entries()) {
      const policy = policies[t - 1];
      // What has left the table is out of reach of logarithms.
      if (policy === undefined || Math.min(...policy, ...next) < 1e-300) continue;
      expect(preferenceBetween(game, next, policy)).toBeGreaterThanOrEqual(0.5 + beta * klDivergence(next, policy) - 1e-12);
    }
    for (const rounds of [1, 2, 10, 100, 500])
      expect(exploitability(game, averagePolicy(policies.slice(0, rounds)))).toBeLessThanOrEqual(hedgeBound(start, rounds, beta));
  });
});

test.each([
  { game: strict, beta: 2, rounds: 100, ofAverage: 0.011, ofLast: 0.253 },
  { game: strict, beta: 2, rounds: 10_000, ofAverage: 0.0028, ofLast: 0.462 },
  { game: soft, beta: 5, rounds: 10_000, ofAverage: 0.0014, ofLast: 0.261 },
  { game: uneven, beta: 2, rounds: 1000, ofAverage: 0.0031, ofLast: 0.091 },
  { game: uneven, beta: 5, rounds: 1000, ofAverage: 0.0008, ofLast: 0.1415 },
  { game: missedWinner, beta: 2, rounds: 1000, ofAverage: 0.0031, ofLast: 0 },
  { game: fromScores, beta: 2, rounds: 1000, ofAverage: 0.0031, ofLast: 0 },
  { game: cycleOfFive, beta: 5, rounds: 10_000, ofAverage: 0.002, ofLast: 0.295 },
])(
  "$game.name, β $beta, $rounds rounds: the average policy can be beaten by $ofAverage and the last by $ofLast",
  ({ game, beta, rounds, ofAverage, ofLast }) => {
    const policies = softPolicyRun(unevenStart(game.matrix.length), rounds, (policy) => softPolicyStep(game, policy, { beta }));
    expect(exploitability(game, averagePolicy(policies.slice(0, rounds)))).toBeCloseTo(ofAverage, 4);
    expect(exploitability(game, policies.at(-1) ?? [])).toBeCloseTo(ofLast, 3);
  },
);

test.each([1, 5])("where preferences cycle the last policy spirals outward by ½ log(1 + 1/(12 β²)) a round, at β %d", (beta) => {
  const radius = (policy: readonly number[]): number => {
    const logs = policy.map(Math.log);
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    return Math.hypot(...logs.map((log) => log - mean));
  };
  const policies = softPolicyRun(softmax([0.001, -0.0005, -0.0005]), 50, (policy) => softPolicyStep(strict, policy, { beta }));
  const growth = Math.log(radius(policies[50] ?? []) / radius(policies[10] ?? [])) / 40;
  expect(growth).toBeCloseTo(0.5 * Math.log(1 + 1 / (12 * beta ** 2)), 4);
});

describe("the regularised game", () => {
  /** π* ∝ reference · exp(P(y ≻ π*)/τ), by small steps. */
  function regularisedEquilibrium(game: PreferenceGame, tau: number): number[] {
    const reference = uniform(game.matrix.length);
    let policy = reference;
    for (let i = 0; i < 3000; i++) {
      const target = softmax(winRatesAgainst(game, policy).map((rate) => rate / tau));
      policy = policy.map((p, k) => 0.98 * p + 0.02 * (target[k] ?? Number.NaN));
    }
    return policy;
  }
  const stepOf = (game: PreferenceGame, beta: number, tau: number): SoftStep => ({
    beta,
    anchor: { policy: uniform(game.matrix.length), share: tau / beta },
  });
  const lastOfOptionI = (game: PreferenceGame, beta: number, tau: number, rounds: number): readonly number[] =>
    softPolicyRun(unevenStart(game.matrix.length), rounds, (policy) => softPolicyStep(game, policy, stepOf(game, beta, tau))).at(-1) ?? [];

  test.each([
    { game: uneven, tau: 0.05, expected: [0.2128, 0.5722, 0.215], exploit: 0.021 },
    { game: uneven, tau: 0.2, expected: [0.3446, 0.4388, 0.2166], exploit: 0.0472 },
    { game: missedWinner, tau: 0.05, expected: [0.6865, 0.2959, 0.0176], exploit: undefined },
  ])("$game.name has another equilibrium at τ $tau", ({ game, tau, expected, exploit }) => {
    const found = regularisedEquilibrium(game, tau);
    expected.forEach((p, i) => expect(found[i]).toBeCloseTo(p, 4));
    if (exploit !== undefined) expect(exploitability(game, found)).toBeCloseTo(exploit, 4);
  });

  test.each([1, 5])("option I: the last policy gets there, at β %d", (beta) => {
    for (const [game, tau] of [
      [uneven, 0.05],
      [uneven, 0.2],
      [missedWinner, 0.05],
    ] as const)
      expect(2 * totalVariation(lastOfOptionI(game, beta, tau, 5000), regularisedEquilibrium(game, tau))).toBeLessThan(1e-6);
  });

  test("option I is stable above β = (τ² + ω²)/(2τ) and goes round for ever below", () => {
    const tau = 0.05;
    expect((tau ** 2 + 3 / 36) / (2 * tau)).toBeCloseTo(0.858, 3);
    expect(totalVariation(lastOfOptionI(strict, 0.9, tau, 5000), uniform(3))).toBeLessThan(1e-6);
    expect(totalVariation(lastOfOptionI(strict, 0.8, tau, 5000), uniform(3))).toBeGreaterThan(0.01);
  });

  test.each([
    [1, 0.0259],
    [5, 0.0047],
  ])("option II at a constant β of %d stops %d beside it", (beta, distance) => {
    const step = stepOf(uneven, beta, 0.2);
    const last = softPolicyRun(unevenStart(3), 5000, (policy) =>
      softPolicyStep(uneven, policy, { ...step, opponent: softmax(mixedLogs(policy, step.anchor)) }),
    ).at(-1);
    expect(2 * totalVariation(last ?? [], regularisedEquilibrium(uneven, 0.2))).toBeCloseTo(distance, 4);
  });
});

describe("iterated DPO", () => {
  /** Scores ρ with Σ_j weight_j σ(ρ_i − ρ_j) = Σ_j weight_j P_ij: the optimum over on-policy pairs, by damped fixed-point steps. */
  function scoresOf(game: PreferenceGame, policy: readonly number[]): number[] {
    const wanted = winRatesAgainst(game, policy);
    let scores = policy.map(() => 0);
    for (let i = 0; i < 300; i++) {
      const got = scores.map((a) => scores.reduce((sum, b, j) => sum + (policy[j] ?? 0) / (1 + Math.exp(b - a)), 0));
      scores = scores.map((score, k) => score + 4 * ((wanted[k] ?? Number.NaN) - (got[k] ?? Number.NaN)));
    }
    return scores;
  }
  const roundOf = (game: PreferenceGame, policy: readonly number[], beta: number): number[] =>
    softmax(scoresOf(game, policy).map((score, i) => Math.log(policy[i] ?? Number.NaN) + score / beta));

  test("its optimum orders answers by their win rate against the policy, and is where the lab's loss has no slope", () => {
    const entry = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 10, maxLength: 10 }), fc.array(entry, { minLength: 5, maxLength: 5 }), (upper, weights) => {
        const matrix = uniform(5).map((_, i) => uniform(5).map((__, j) => (i === j ? 0.5 : i < j ? at(upper, i, j) : 1 - at(upper, j, i))));
        const game: PreferenceGame = { ...soft, matrix };
        const policy = softmax(weights);
        const [scores, rates] = [scoresOf(game, policy), winRatesAgainst(game, policy)];
        for (const [i, rate] of rates.entries())
          for (const [j, other] of rates.entries()) if (rate > other + 1e-9) expect(scores[i]).toBeGreaterThan(scores[j] ?? Number.NaN);
        const settings: LossSettings = { kind: "dno-prct", beta: 2 };
        const next = softmax(scores.map((score, i) => Math.log(policy[i] ?? Number.NaN) + score / 2));
        expect(pull(settings, next, { reference: policy.map(Math.log), weights: onPolicyWeights(game, policy) })).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  /** The place of i, j with i < j in a list of the entries above the diagonal. */
  function at(upper: readonly number[], i: number, j: number): number {
    return upper[(i * (9 - i)) / 2 + j - i - 1] ?? Number.NaN;
  }

  test.each([
    { game: soft, ofAverage: 0.005, ofLast: 0.113 },
    { game: uneven, ofAverage: 0.0061, ofLast: 0.057 },
    { game: missedWinner, ofAverage: 0.0092, ofLast: 0.0001 },
    { game: cycleOfFive, ofAverage: 0.0033, ofLast: 0.056 },
  ])(
    "with the round's policy as reference $game.name averages to $ofAverage and ends at $ofLast (β 10, 400 rounds)",
    ({ game, ofAverage, ofLast }) => {
      const policies = softPolicyRun(unevenStart(game.matrix.length), 400, (policy) => roundOf(game, policy, 10));
      expect(exploitability(game, averagePolicy(policies.slice(0, 400)))).toBeCloseTo(ofAverage, 4);
      expect(exploitability(game, policies.at(-1) ?? [])).toBeCloseTo(ofLast, 3);
    },
  );

  test.each([uneven, missedWinner, withDud])("with a fixed reference and the first round's pairs $name ends at the winner of scores", (game) => {
    const start = uniform(game.matrix.length);
    const scores = scoresOf(game, start);
    // Smaller β only sharpen what one fit of scores says: the answer with the best mean, which can be beaten by so much.
    const limit = softmax(scores.map((score) => score / 0.001));
    expect(limit.indexOf(Math.max(...limit))).toBe(game.bordaWinner);
    expect(exploitability(game, limit)).toBeCloseTo(game.bordaExploitability, 3);
  });
});

describe("an answer that is there twice", () => {
  test.each(games)("leaves what the average policy can be beaten by within its bound: $name", (game) => {
    for (const answer of [0, 1]) {
      const cloned = withClone(game, answer);
      expect(exploitability(cloned, cloned.equilibrium)).toBeCloseTo(0, 12);
      const start = unevenStart(cloned.matrix.length);
      const policies = softPolicyRun(start, 2000, (policy) => softPolicyStep(cloned, policy, { beta: 2 }));
      const average = averagePolicy(policies.slice(0, 2000));
      expect(exploitability(cloned, average)).toBeLessThanOrEqual(hedgeBound(start, 2000, 2));
      // A clone changes nothing for the policy as a whole: its copies share the weight in a fixed ratio.
      expect((average.at(-1) ?? 0) / (average[answer] ?? 1)).toBeCloseTo((start.at(-1) ?? 0) / (start[answer] ?? 1), 9);
    }
  });
});
