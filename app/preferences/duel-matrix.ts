/** The duel matrix of one prompt: preference probabilities among its candidates, from judgments. */
import type { ResponseId } from "#app/base/ids.ts";
import { type CircleCounts, countCircles } from "#app/statistics/count-circles.kernel.ts";
import type { Candidate } from "./candidates.ts";
import { type Outcome, outcomesOfComparison } from "./both-orders.ts";
import { addCounts, type JudgedComparison, type JudgmentCounts, NO_JUDGMENTS } from "./judged-comparison.ts";

/** One cell: what the oracles said of candidate i against candidate j. */
export type Duel = {
  /** P(i is preferred to j), the mean over repeats and oracles; ties and both bad count one half. */
  readonly probability: number;
  /** Outcomes behind it: a comparison in both orders is one. */
  readonly outcomeCount: number;
  /** True if at least half of the outcomes called both bad: the two never make a pair. */
  readonly isBothBad: boolean;
};

export type DuelMatrix = {
  readonly ids: readonly ResponseId[];
  /** duels[i][j]; null where no usable judgment is, and on the diagonal, where P(y > y) = 1/2 by definition. */
  readonly duels: readonly (readonly (Duel | null)[])[];
  readonly counts: JudgmentCounts;
};

export type DuelMatrixOptions = {
  /** Only comparisons answered in both orders count: a lone order carries the oracle's position bias. */
  readonly requireBothOrders: boolean;
};

/**
 * Builds the matrix of one prompt's candidates from its live judgments; judgments of other responses, of one text
 * against itself, and of single criteria (which are not the overall preference) are left out.
 */
export function buildDuelMatrix(
  candidates: readonly Candidate[],
  judgments: readonly JudgedComparison[],
  options: DuelMatrixOptions = { requireBothOrders: false },
): DuelMatrix {
  const indexById = new Map(candidates.flatMap((candidate, i) => candidate.memberIds.map((id) => [id, i] as const)));
  const byCell = new Map<string, JudgedComparison[]>();
  for (const judgment of judgments) {
    const [i, j] = [indexById.get(judgment.firstId), indexById.get(judgment.secondId)];
    if (i === undefined || j === undefined || i === j || judgment.criterion !== null) continue;
    const key = i < j ? `${i},${j}` : `${j},${i}`;
    byCell.set(key, [...(byCell.get(key) ?? []), judgment]);
  }
  const size = candidates.length;
  const duels: (Duel | null)[][] = Array.from({ length: size }, () => Array.from({ length: size }, () => null));
  let counts = NO_JUDGMENTS;
  for (const [key, ofCell] of byCell) {
    const [i = 0, j = 0] = key.split(",").map(Number);
    const result = outcomesOfComparison(ofCell, (id) => indexById.get(id) === i, options.requireBothOrders);
    counts = addCounts(counts, result.counts);
    const duel = duelOf(result.outcomes);
    if (duel === null) continue;
    setCell(duels, i, j, duel);
    setCell(duels, j, i, { ...duel, probability: 1 - duel.probability });
  }
  return { ids: candidates.map((candidate) => candidate.id), duels, counts };
}

function duelOf(outcomes: readonly Outcome[]): Duel | null {
  if (outcomes.length === 0) return null;
  const bothBad = outcomes.filter((outcome) => outcome.isBothBad).length;
  return {
    probability: outcomes.reduce((sum, outcome) => sum + outcome.probability, 0) / outcomes.length,
    outcomeCount: outcomes.length,
    isBothBad: 2 * bothBad >= outcomes.length,
  };
}

function setCell(duels: (Duel | null)[][], i: number, j: number, duel: Duel): void {
  const row = duels[i];
  if (row !== undefined) row[j] = duel;
}

/** The matrix that listwise scores imply: 1 for the higher score, one half for equal ones. One ask's scores only. */
export function duelMatrixFromScores(candidates: readonly Candidate[], scores: ReadonlyMap<ResponseId, number>): DuelMatrix {
  let ties = 0;
  const duels = candidates.map((a, i) =>
    candidates.map((b, j): Duel | null => {
      const [scoreA, scoreB] = [scores.get(a.id), scores.get(b.id)];
      if (i === j || scoreA === undefined || scoreB === undefined) return null;
      if (scoreA === scoreB && i < j) ties += 1;
      const probability = scoreA > scoreB ? 1 : scoreA < scoreB ? 0 : 0.5;
      return { probability, outcomeCount: 1, isBothBad: false };
    }),
  );
  const usable = candidates.filter((candidate) => scores.has(candidate.id)).length;
  const counts = { usable, unusable: candidates.length - usable, bothOrders: 0, flipped: 0, ties, bothBad: 0 };
  return { ids: candidates.map((candidate) => candidate.id), duels, counts };
}

/** P(a is preferred to b): one half for one candidate against itself; undefined where nobody has said. */
export function preferenceProbability(matrix: DuelMatrix, a: ResponseId, b: ResponseId): number | undefined {
  if (a === b) return 0.5;
  return duelBetween(matrix, a, b)?.probability;
}

export function duelBetween(matrix: DuelMatrix, a: ResponseId, b: ResponseId): Duel | undefined {
  return matrix.duels[matrix.ids.indexOf(a)]?.[matrix.ids.indexOf(b)] ?? undefined;
}

/** Circles among the candidates, by the mean of all verdicts on each two. */
export function circlesIn({ ids, duels }: DuelMatrix): CircleCounts {
  const shares = duels.flatMap((row) => row.map((duel) => duel?.probability ?? Number.NaN));
  return countCircles(Float64Array.from(shares), ids.length);
}
