/** Games of preference with known equilibria: what an oracle may think of a few answers, and what theory then promises. */

/** matrix[i][j] = P(answer i is preferred to answer j); ½ on the diagonal. */
export type PreferenceGame = {
  readonly name: string;
  readonly matrix: readonly (readonly number[])[];
  /** A policy that no answer beats more than half of the time. */
  readonly equilibrium: readonly number[];
  /** The answer with the highest mean preference, which a scalar score would name best. */
  readonly bordaWinner: number;
  /** How far that answer alone can be beaten beyond one half. */
  readonly bordaExploitability: number;
  /** True if the equilibrium is one answer, so that the last policy goes there too. */
  readonly isPure: boolean;
};

/** A matrix from the entries [i, j, P(i preferred to j)]; the others follow by symmetry. */
function preferences(size: number, entries: readonly (readonly [number, number, number])[]): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => {
      const direct = entries.find(([a, b]) => a === i && b === j)?.[2];
      const turned = entries.find(([a, b]) => a === j && b === i)?.[2];
      return direct ?? (turned === undefined ? 0.5 : 1 - turned);
    }),
  );
}

const cycle = (r: number, s: number, p: number): number[][] =>
  preferences(3, [
    [0, 2, r],
    [2, 1, s],
    [1, 0, p],
  ]);
const third = 1 / 3;
const scores = [1, 0.3, -0.5];

/** Answers in the order rock, paper, scissors where there are three that cycle. */
export const games: readonly PreferenceGame[] = [
  {
    name: "rock, paper, scissors",
    matrix: cycle(1, 1, 1),
    equilibrium: [third, third, third],
    bordaWinner: 0,
    bordaExploitability: 0.5,
    isPure: false,
  },
  {
    name: "the same at .8",
    matrix: cycle(0.8, 0.8, 0.8),
    equilibrium: [third, third, third],
    bordaWinner: 0,
    bordaExploitability: 0.3,
    isPure: false,
  },
  {
    name: "an uneven cycle",
    matrix: cycle(0.9, 0.6, 0.7),
    equilibrium: [1 / 7, 4 / 7, 2 / 7],
    bordaWinner: 0,
    bordaExploitability: 0.2,
    isPure: false,
  },
  {
    // Answer 0 beats both others, narrowly; answer 1 has the higher mean. No cycle is needed for a score to fail.
    name: "a winner of every comparison that scores miss",
    matrix: preferences(3, [
      [0, 1, 0.55],
      [0, 2, 0.55],
      [1, 2, 0.95],
    ]),
    equilibrium: [1, 0, 0],
    bordaWinner: 1,
    bordaExploitability: 0.05,
    isPure: true,
  },
  {
    name: "preferences from scores (Bradley-Terry)",
    matrix: scores.map((a) => scores.map((b) => 1 / (1 + Math.exp(b - a)))),
    equilibrium: [1, 0, 0],
    bordaWinner: 0,
    bordaExploitability: 0,
    isPure: true,
  },
];

/** An answer that loses almost always, and a cycle of five: too near their equilibria at the start for a gate of one half. */
export const moreGames: readonly PreferenceGame[] = [
  {
    name: "an uneven cycle and a dud",
    matrix: preferences(4, [
      [0, 2, 0.9],
      [2, 1, 0.6],
      [1, 0, 0.7],
      [0, 3, 0.95],
      [1, 3, 0.95],
      [2, 3, 0.95],
    ]),
    equilibrium: [1 / 7, 4 / 7, 2 / 7, 0],
    bordaWinner: 0,
    bordaExploitability: 0.2,
    isPure: false,
  },
  {
    name: "a cycle of five",
    matrix: preferences(5, [
      [0, 2, 0.8],
      [0, 3, 0.8],
      [1, 0, 0.8],
      [1, 4, 0.8],
      [2, 1, 0.8],
      [2, 3, 0.8],
      [3, 4, 0.8],
      [3, 1, 0.8],
      [4, 2, 0.8],
      [4, 0, 0.8],
    ]),
    equilibrium: [0.2, 0.2, 0.2, 0.2, 0.2],
    bordaWinner: 0,
    bordaExploitability: 0.3,
    isPure: false,
  },
];

/** The game with a second copy of an answer: its equilibria are then a set, and only exploitability tells how far one is. */
export function withClone(game: PreferenceGame, answer: number): PreferenceGame {
  const order = [...game.matrix.keys(), answer];
  return {
    ...game,
    name: `${game.name}, answer ${answer} twice`,
    matrix: order.map((i) => order.map((j) => game.matrix[i]?.[j] ?? Number.NaN)),
    equilibrium: [...game.equilibrium, 0],
  };
}

/** P(policy preferred to the other), both drawing independently. */
export function preferenceBetween(game: PreferenceGame, policy: readonly number[], other: readonly number[]): number {
  return winRatesAgainst(game, other).reduce((sum, rate, i) => sum + rate * (policy[i] ?? 0), 0);
}

/** Σ p log(p / q), in nats. */
export function klDivergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, x, i) => (x === 0 ? sum : sum + x * Math.log(x / (q[i] ?? Number.NaN))), 0);
}

/** Half of the sum of absolute differences. */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, x, i) => sum + Math.abs(x - (q[i] ?? Number.NaN)), 0) / 2;
}

export type SoftStep = {
  /** The round's policy weighs log-ratios with it: a mirror-descent step of size 1/β. */
  readonly beta: number;
  /** The first policy and its share in the reference, τ/β; without it the reference is the round's policy. */
  readonly anchor?: { readonly policy: readonly number[]; readonly share: number };
  /** Whom responses are compared with, if not the round's policy. */
  readonly opponent?: readonly number[];
};

/** The reference of a round in log space, up to a constant: (1 − share) log π_t + share log π_1. */
export function mixedLogs(policy: readonly number[], anchor: SoftStep["anchor"]): number[] {
  const share = anchor?.share ?? 0;
  return policy.map((p, i) => (1 - share) * Math.log(p) + (share === 0 ? 0 : share * Math.log(anchor?.policy[i] ?? Number.NaN)));
}

/** Soft policy iteration, what a round aims at: π_{t+1} ∝ reference · exp(r_t/β) (DNO eq. 9, and appendix A with an anchor). */
export function softPolicyStep(game: PreferenceGame, policy: readonly number[], step: SoftStep): number[] {
  const rates = winRatesAgainst(game, step.opponent ?? policy);
  return softmax(mixedLogs(policy, step.anchor).map((logp, i) => logp + (rates[i] ?? Number.NaN) / step.beta));
}

/** The policies π_1, π_2, ..., `rounds` of them after the first. */
export function softPolicyRun(
  start: readonly number[],
  rounds: number,
  next: (policy: readonly number[]) => readonly number[],
): (readonly number[])[] {
  const policies = [start];
  for (let round = 0; round < rounds; round++) policies.push(next(policies.at(-1) ?? start));
  return policies;
}

/** The uniform mixture of policies. */
export function averagePolicy(policies: readonly (readonly number[])[]): number[] {
  const [first = []] = policies;
  return first.map((_, i) => policies.reduce((sum, policy) => sum + (policy[i] ?? Number.NaN), 0) / policies.length);
}

/** Weights 1 to 2, evenly spaced. */
export function unevenStart(size: number): number[] {
  const weights = Array.from({ length: size }, (_, i) => 1 + i / (size - 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** What the average of T policies can be beaten by at most (hedge): β max log(1/π_1) / T + 1 / (8 β). */
export function hedgeBound(start: readonly number[], rounds: number, beta: number): number {
  return (beta * Math.max(...start.map((p) => -Math.log(p)))) / rounds + 1 / (8 * beta);
}

/** P(answer preferred to a draw from the policy), for each answer. */
export function winRatesAgainst(game: PreferenceGame, policy: readonly number[]): number[] {
  return game.matrix.map((row) => row.reduce((sum, p, j) => sum + p * (policy[j] ?? 0), 0));
}

/** How often the best answer against a policy is preferred, beyond one half: 0 exactly at an equilibrium. */
export function exploitability(game: PreferenceGame, policy: readonly number[]): number {
  return Math.max(...winRatesAgainst(game, policy)) - 0.5;
}

export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
