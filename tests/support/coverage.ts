/** How often an interval holds the truth, by simulation: one entry an interval that the lab prints. */
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import { sigmoid } from "#app/base/log-space.ts";
import { type Rng, rngFor } from "#app/base/random.ts";
import { type RatedItem, reportAgreement } from "#app/statistics/agreement.ts";
import { answerCircles } from "#app/statistics/answer-circles.ts";
import { countCircles } from "#app/statistics/count-circles.kernel.ts";
import { nashMixture, worstCases } from "#app/statistics/exploitability.ts";
import { krippendorffInterval } from "#app/statistics/krippendorff.ts";
import { lengthControlledWinRate } from "#app/statistics/length-controlled-win-rate.ts";
import { duelsOf, duelTable, type DuelTable, pairedDifference } from "#app/statistics/policy-duels.ts";
import { MEAN_RATING, POINTS_PER_NAT, ratePolicies } from "#app/statistics/ratings.ts";
import { simultaneousIntervals } from "#app/statistics/simultaneous-intervals.ts";
import { type Interval, wilsonInterval } from "#app/statistics/wilson.ts";

export type CoverageCase = {
  readonly name: string;
  /** What the interval promises: nominal coverage, or more where it is conservative by construction. */
  readonly confidence: number;
  /** By how much it may fall short in small samples, beyond the noise of the simulation; stated in docs/math.md. */
  readonly slack: number;
  /** One simulated data set: whether the interval held the truth. Undefined if none was given (too few prompts). */
  readonly simulate: (rng: Rng, run: number) => boolean | undefined;
};

const CONFIDENCE = 0.95;
const settings = (run: number) => ({ confidence: CONFIDENCE, bootstrapSamples: 200, seed: run });
const promptOf = (i: number): PromptId => `prompt ${String(i).padStart(5, "0")}` as PromptId;
const players = ["r0", "r1", "r2", "r3"] as readonly string[] as readonly PolicyId[];

function holds(interval: Interval | undefined, truth: number): boolean | undefined {
  return interval === undefined ? undefined : interval.low <= truth + 1e-12 && truth - 1e-12 <= interval.high;
}

/** Scores of one pair on each prompt: 1 or 0 with this chance, after ties; pairs of a prompt share a draw in part. */
function drawScores(rng: Rng, common: readonly number[], rate: number, ties: number): { promptId: PromptId; score: number }[] {
  return common.map((shared, i) => {
    const draw = rng.next() < 0.5 ? shared : rng.next();
    return { promptId: promptOf(i), score: draw < rate - ties / 2 ? 1 : draw < rate + ties / 2 ? 0.5 : 0 };
  });
}

const uniforms = (rng: Rng, count: number): number[] => Array.from({ length: count }, () => rng.next());

/** A measured table of four policies with these true preferences above the diagonal. */
function simulateTable(rng: Rng, run: number, preferences: readonly (readonly number[])[], prompts: number): DuelTable {
  const common = uniforms(rng, prompts);
  const pairs = players.flatMap((first, i) =>
    players.slice(i + 1).map((second, k) => ({ first, second, outcomes: drawScores(rng, common, preferences[i]?.[i + 1 + k] ?? 0.5, 0.2) })),
  );
  return duelTable(players, duelsOf(pairs, settings(run)));
}

/** r0 to r2 go round, r3 is beaten by all. */
const CYCLIC = [
  [0.5, 0.62, 0.36, 0.8],
  [0.38, 0.5, 0.6, 0.75],
  [0.64, 0.4, 0.5, 0.7],
  [0.2, 0.25, 0.3, 0.5],
];
/** Nobody is better: where the least of several estimates is most biased. */
const EVEN = [
  [0.5, 0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5, 0.5],
];

const worstTruth = (preferences: readonly (readonly number[])[], i: number): number => Math.min(...(preferences[i] ?? []).filter((_, j) => j !== i));

function wilsonCase(n: number, rate: number): CoverageCase {
  return {
    name: `Wilson, ${n} wins or losses at ${rate}`,
    confidence: CONFIDENCE,
    slack: 0.02,
    simulate: (rng) => {
      const wins = uniforms(rng, n).filter((draw) => draw < rate).length;
      return holds(wilsonInterval(wins / n, n, CONFIDENCE), rate);
    },
  };
}

function meansCase(n: number, rates: readonly number[], ties: number): CoverageCase {
  return {
    name: `win rates ${rates.join(", ")} together, ${n} prompts, ${ties} ties`,
    confidence: CONFIDENCE,
    slack: 0.01,
    simulate: (rng, run) => {
      const common = uniforms(rng, n);
      const means = simultaneousIntervals(
        rates.map((rate) => drawScores(rng, common, rate, ties)),
        settings(run),
      );
      return means.every((mean, j) => holds(mean, rates[j] ?? 0) === true);
    },
  };
}

const tableCases: readonly CoverageCase[] = [
  { name: "a cycle", preferences: CYCLIC },
  { name: "all even", preferences: EVEN },
].flatMap(
  ({ name, preferences }) =>
    [
      {
        name: `all six cells of a duel matrix, ${name}`,
        confidence: CONFIDENCE,
        slack: 0.01,
        simulate: (rng, run) => {
          const { cells } = simulateTable(rng, run, preferences, 60);
          return cells.every((row, i) => row.every((cell, j) => cell === null || holds(cell, preferences[i]?.[j] ?? 0) === true));
        },
      },
      {
        name: `the worst case of each policy, ${name}`,
        confidence: CONFIDENCE,
        slack: 0,
        simulate: (rng, run) =>
          worstCases(simulateTable(rng, run, preferences, 60)).every((worst, i) => holds(worst, worstTruth(preferences, i)) === true),
      },
      {
        name: `the exploitability of the fitted mixture, ${name}`,
        confidence: CONFIDENCE,
        slack: 0,
        simulate: (rng, run) => {
          const mixture = nashMixture(simulateTable(rng, run, preferences, 60));
          const shares = mixture?.shares.map(({ share }) => share) ?? [];
          const truth = Math.max(...preferences.map((row) => row.reduce((sum, p, i) => sum + p * (shares[i] ?? 0), 0))) - 0.5;
          return holds(mixture?.exploitability, Math.max(0, truth));
        },
      },
    ] satisfies CoverageCase[],
);

const pairedCase: CoverageCase = {
  name: "a paired difference of two policies on hard and easy prompts",
  confidence: CONFIDENCE,
  slack: 0.01,
  simulate: (rng, run) => {
    const hard = uniforms(rng, 60).map((draw) => (draw < 0.5 ? 0.2 : 0.8));
    const scores = (shift: number) => hard.map((rate, i) => ({ promptId: promptOf(i), score: rng.next() < rate + shift ? 1 : 0 }));
    return holds(pairedDifference(scores(0.1), scores(-0.05), settings(run)), 0.15);
  },
};

/** Preferences that follow the minimal model: quality θ, and length φ tanh(d / s) on top. */
function lengthCase(name: string, n: number, quality: number, length: number): CoverageCase {
  return {
    name: `the length-controlled win rate, ${n} prompts, ${name}`,
    confidence: CONFIDENCE,
    slack: 0.01,
    simulate: (rng, run) => {
      const rows = Array.from({ length: n }, (_, i) => {
        const d = 600 * (uniforms(rng, 6).reduce((sum, draw) => sum + draw, 0) - 3);
        return { promptId: promptOf(i), d };
      });
      const outcomes = rows.map(({ promptId, d }) => ({
        promptId,
        // s is the deviation of d: 600 √(6/12).
        score: rng.next() < sigmoid(quality + length * Math.tanh((d - 200) / (600 * Math.SQRT1_2))) ? 1 : 0,
        length: 3000,
        opponentLength: 3000 + d - 200,
      }));
      const found = lengthControlledWinRate({ outcomes, confidence: CONFIDENCE, bootstrapSamples: 200, seed: run });
      return found.kind === "estimated" ? holds(found, sigmoid(quality)) : undefined;
    },
  };
}

/** For long tests alone. Strong and weak penalties come of these: where length matters much, and where little or not. */
export const slowCoverageCases: readonly CoverageCase[] = [
  lengthCase("an even match", 120, 0, -1.2),
  lengthCase("a clear winner, length beside the point", 60, 1, 0),
  lengthCase("a clear winner and some length", 300, 0.8, -0.5),
];

/** Verdicts on five answers a prompt: some prompts by a coin, the others by three classes that go round, a coin within a class. */
function circlesCase(prompts: number, coins: number): CoverageCase {
  // A coin: 1/4 of triples, 3/4 of fourths. Classes of even shares: 1/4 and 11/12; of 5 circles with a fourth a prompt.
  const truth = { circular: 1 / 4, drawnIn: (coins * 3) / 4 + ((1 - coins) * 11) / 12 };
  return {
    name: `circles among answers and fourths drawn in, ${prompts} prompts, ${coins} of them by a coin`,
    confidence: CONFIDENCE,
    slack: 0.01,
    simulate: (rng) => {
      const counts = Array.from({ length: prompts }, () => {
        const isCoin = rng.next() < coins;
        const classes = Array.from({ length: 5 }, () => (isCoin ? 0 : rng.below(3)));
        const shares = new Float64Array(25).fill(Number.NaN);
        classes.forEach((a, i) => {
          for (let j = i + 1; j < 5; j++) {
            const step = ((classes[j] ?? 0) - a + 3) % 3;
            const share = step === 0 ? rng.below(2) : step === 1 ? 1 : 0;
            shares[5 * i + j] = share;
            shares[5 * j + i] = 1 - share;
          }
        });
        return countCircles(shares, 5);
      });
      const { circular, drawnIn } = answerCircles(counts, CONFIDENCE);
      return holds(circular, truth.circular) === true && holds(drawnIn, truth.drawnIn) === true;
    },
  };
}

const ratingsCase: CoverageCase = {
  name: "a Bradley-Terry rating, 80 prompts",
  confidence: CONFIDENCE,
  slack: 0.02,
  simulate: (rng, run) => {
    const strengths = [0.6, 0.1, -0.2, -0.5];
    const scores = Array.from({ length: 80 }, (_, p) =>
      players.flatMap((firstId, i) =>
        players.slice(i + 1).map((secondId, k) => {
          const gap = (strengths[i] ?? 0) - (strengths[i + 1 + k] ?? 0);
          return { promptId: promptOf(p), firstId, secondId, score: rng.next() < sigmoid(gap) ? 1 : 0 };
        }),
      ),
    ).flat();
    const rated = ratePolicies({ scores, ridge: 0.001, ...settings(run) });
    if (rated.kind !== "rated") return undefined;
    return holds(
      rated.ratings.find((rating) => rating.policyId === players[0]),
      MEAN_RATING + POINTS_PER_NAT * 0.6,
    );
  },
};

function ratedItems(rng: Rng, count: number): RatedItem[] {
  return Array.from({ length: count }, (_, i) => {
    const truth = rng.next() < 0.5 ? "first" : "second";
    const label = (): string => (rng.next() < 0.85 ? truth : truth === "first" ? "second" : "first");
    return { promptId: promptOf(i), first: label(), second: label() };
  });
}

// Both right or both wrong: .85² + .15² = .745; chance is one half.
const SHARE = 0.745;
const KAPPA = (SHARE - 0.5) / 0.5;

const agreementCases: readonly CoverageCase[] = [
  {
    name: "the share of agreement, 80 items",
    confidence: CONFIDENCE,
    slack: 0.02,
    simulate: (rng, run) => holds(reportAgreement(ratedItems(rng, 80), CONFIDENCE, 200, run).agreement, SHARE),
  },
  {
    name: "Cohen's kappa, 80 items",
    confidence: CONFIDENCE,
    slack: 0.02,
    simulate: (rng, run) => holds(reportAgreement(ratedItems(rng, 80), CONFIDENCE, 200, run).kappa, KAPPA),
  },
  {
    name: "Krippendorff's alpha, 80 units of two raters",
    confidence: CONFIDENCE,
    slack: 0.02,
    simulate: (rng, run) => {
      const units = ratedItems(rng, 80).map(({ first, second }) => [first === "first" ? 1 : 0, second === "first" ? 1 : 0]);
      return holds(krippendorffInterval(units, "nominal", CONFIDENCE, 200, run), KAPPA);
    },
  },
];

export const coverageCases: readonly CoverageCase[] = [
  wilsonCase(20, 0.6),
  wilsonCase(40, 0.9),
  wilsonCase(320, 0.55),
  meansCase(40, [0.6], 0.3),
  meansCase(60, [0.5, 0.6, 0.7], 0.2),
  meansCase(320, [0.5, 0.55, 0.8], 0.1),
  ...tableCases,
  pairedCase,
  lengthCase("a judge that likes length", 120, 0.4, -1.2),
  circlesCase(40, 1),
  circlesCase(128, 0.5),
  ratingsCase,
  ...agreementCases,
];

export type Coverage = { readonly share: number; readonly runs: number; readonly undetermined: number };

/** The share of so many data sets whose interval held the truth. */
export function measureCoverage(one: CoverageCase, runs: number): Coverage {
  const rng = rngFor(23, "coverage", one.name);
  const held = Array.from({ length: runs }, (_, run) => one.simulate(rng, run));
  const determined = held.filter((answer) => answer !== undefined);
  return { share: determined.filter(Boolean).length / determined.length, runs: determined.length, undetermined: runs - determined.length };
}

/** The least share that a case may show in so many runs: what it promises, less its slack, less three standard errors. */
export function leastShare({ confidence, slack }: CoverageCase, runs: number): number {
  const promised = confidence - slack;
  return promised - 3 * Math.sqrt((promised * (1 - promised)) / runs);
}
