/** Comparisons among several policies on shared prompts, and the tables and graphs they make. */
import { DataError } from "#app/base/errors.ts";
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import type { ComparisonTable } from "./bradley-terry.kernel.ts";

/** What one prompt says of two policies. */
export type PairedScore = {
  readonly promptId: PromptId;
  readonly firstId: PolicyId;
  readonly secondId: PolicyId;
  /** From 0 to 1 for the first policy: 1 preferred, ½ a tie, both bad or orders that disagree, or a probability. */
  readonly score: number;
};

/** A comparison with its policies as rows of a table. */
export type IndexedScore = { readonly first: number; readonly second: number; readonly score: number };

/** The policies of the comparisons in order of id, and the comparisons grouped by prompt in order of id. */
export type IndexedScores = { readonly policyIds: readonly PolicyId[]; readonly byPrompt: readonly (readonly IndexedScore[])[] };

/** Throws DataError for a policy against itself and for a score outside [0, 1]. */
export function indexScores(scores: readonly PairedScore[]): IndexedScores {
  for (const { promptId, firstId, secondId, score } of scores) {
    if (firstId === secondId) throw new DataError(`expected two different policies, prompt ${promptId} has ${firstId} twice`);
    if (!(score >= 0 && score <= 1)) throw new DataError(`expected a score from 0 to 1, prompt ${promptId} has ${score}`);
  }
  const policyIds = [...new Set(scores.flatMap(({ firstId, secondId }) => [firstId, secondId]))].sort();
  const rowById = new Map(policyIds.map((id, row) => [id, row]));
  const rowOf = (id: PolicyId): number => rowById.get(id) ?? 0;
  const groups = [...Map.groupBy(scores, ({ promptId }) => promptId)].sort(([a], [b]) => (a < b ? -1 : 1));
  const byPrompt = groups.map(([, group]) =>
    group
      .map(({ firstId, secondId, score }) => ({ first: rowOf(firstId), second: rowOf(secondId), score }))
      .sort((a, b) => a.first - b.first || a.second - b.second || a.score - b.score),
  );
  return { policyIds, byPrompt };
}

/** Points and counts of so many policies; each comparison counts on both sides. */
export function tableOf(size: number, scores: Iterable<IndexedScore>): ComparisonTable {
  const points = new Float64Array(size * size);
  const counts = new Float64Array(size * size);
  const add = (i: number, j: number, score: number): void => {
    points[i * size + j] = (points[i * size + j] ?? 0) + score;
    counts[i * size + j] = (counts[i * size + j] ?? 0) + 1;
  };
  for (const { first, second, score } of scores) {
    add(first, second, score);
    add(second, first, 1 - score);
  }
  return { size, points, counts };
}

/** Rows that comparisons join, directly or through others, group by group in order of their first row. */
export function connectedGroups({ size, counts }: ComparisonTable): number[][] {
  const groups: number[][] = [];
  const seen = new Set<number>();
  for (let row = 0; row < size; row++) {
    if (seen.has(row)) continue;
    const group = reachable(size, row, (i, j) => (counts[i * size + j] ?? 0) > 0);
    for (const member of group) seen.add(member);
    groups.push([...group].sort((a, b) => a - b));
  }
  return groups;
}

/** Whether no group of players took all the points from the rest, so that strengths are finite without a ridge (Ford 1957). */
export function isBalanced({ size, points }: ComparisonTable): boolean {
  const beats = (i: number, j: number): boolean => (points[i * size + j] ?? 0) > 0;
  return reachable(size, 0, beats).size === size && reachable(size, 0, (i, j) => beats(j, i)).size === size;
}

function reachable(size: number, from: number, isLinked: (i: number, j: number) => boolean): Set<number> {
  const found = new Set([from]);
  // A set's iterator goes on to what is added meanwhile.
  for (const i of found) {
    for (let j = 0; j < size; j++) if (isLinked(i, j)) found.add(j);
  }
  return found;
}
