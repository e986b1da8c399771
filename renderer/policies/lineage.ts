/** Where each policy stands in the drawing of its lineage: a lane for each line of descent, newest on top. */

export type LineageNode = {
  readonly name: string;
  /** From 0, the lane of the first policy. */
  readonly lane: number;
  /** Row of its parent below it; null for a root. */
  readonly parentRow: number | null;
  readonly parentLane: number | null;
};

type Descended = { readonly name: string; readonly parent: string | null };

/** `policies` oldest first. A child takes its parent's lane if it is the first of it; others open a lane of their own. */
export function lineageOf(policies: readonly Descended[]): readonly LineageNode[] {
  const laneByName = new Map<string, number>();
  const hasHeir = new Set<string>();
  let lanes = 0;
  for (const { name, parent } of policies) {
    const parentLane = parent === null ? undefined : laneByName.get(parent);
    if (parent !== null && parentLane !== undefined && !hasHeir.has(parent)) {
      laneByName.set(name, parentLane);
      hasHeir.add(parent);
    } else {
      laneByName.set(name, lanes);
      lanes += 1;
    }
  }
  const newestFirst = policies.toReversed();
  const rowByName = new Map(newestFirst.map(({ name }, row) => [name, row]));
  return newestFirst.map(({ name, parent }) => ({
    name,
    lane: laneByName.get(name) ?? 0,
    parentRow: parent === null ? null : (rowByName.get(parent) ?? null),
    parentLane: parent === null ? null : (laneByName.get(parent) ?? null),
  }));
}
