/** What stands of append-only judgments: the head of each chain, whatever order packs were merged in. */
import type { Judgment } from "#app/domain/ask.ts";

/** The fields that decide; rows with more are kept whole. */
export type ChainLink = Pick<
  Judgment,
  "id" | "askId" | "authorId" | "firstId" | "secondId" | "criterion" | "sequence" | "supersedesId" | "isRetraction"
>;

export type LiveJudgments<Row extends ChainLink> = {
  /** At most one a chain, in order of id. */
  readonly live: readonly Row[];
  /** Heads that lost to another head of the same chain (two devices corrected the same judgment), in order of id. */
  readonly disputed: readonly Row[];
};

/**
 * A chain holds the judgments of one author on one ask, pair and criterion. Its heads are the records that no other
 * record supersedes; of several the greatest (sequence, id) is live and the others are disputes. A chain whose
 * deciding head is a retraction has no live judgment. The same record given twice counts once, so merging packs is
 * commutative, associative and idempotent.
 */
export function liveJudgments<Row extends ChainLink>(judgments: readonly Row[]): LiveJudgments<Row> {
  const unique = new Map(judgments.map((judgment) => [judgment.id, judgment]));
  const live: Row[] = [];
  const disputed: Row[] = [];
  // A correction supersedes whoever wrote what it corrects.
  const superseded = new Set([...unique.values()].map((judgment) => judgment.supersedesId));
  for (const chain of Map.groupBy(unique.values(), chainKey).values()) {
    const [winner, ...others] = chain.filter((judgment) => !superseded.has(judgment.id)).sort(newestFirst);
    if (winner !== undefined && !winner.isRetraction) live.push(winner);
    disputed.push(...others);
  }
  return { live: live.sort(byId), disputed: disputed.sort(byId) };
}

function chainKey(judgment: ChainLink): string {
  const { askId, authorId, firstId, secondId, criterion } = judgment;
  return JSON.stringify([askId, authorId, firstId, secondId, criterion]);
}

function newestFirst(a: ChainLink, b: ChainLink): number {
  return b.sequence - a.sequence || byId(b, a);
}

function byId(a: ChainLink, b: ChainLink): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
