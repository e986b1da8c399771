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
