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

/** A line of descent, by places in the list: from where it leaves its parent to its last heir. */
type Line = { readonly from: number; to: number; lane: number };

/**
 * `policies` oldest first. A child goes on in its parent's line if it is the first of it; others begin a line of their own,
 * in the first lane that is free over its whole length. The lane of the first policy is kept for its line alone.
 */
export function lineageOf(policies: readonly Descended[]): readonly LineageNode[] {
  const lineByName = new Map<string, Line>();
  const lines: Line[] = [];
  const hasHeir = new Set<string>();
  const placeByName = new Map(policies.map(({ name }, place) => [name, place]));
  policies.forEach(({ name, parent }, place) => {
    const above = parent === null ? undefined : lineByName.get(parent);
    if (parent !== null && above !== undefined && !hasHeir.has(parent)) {
      hasHeir.add(parent);
      above.to = place;
      lineByName.set(name, above);
      return;
    }
    const from = above === undefined || parent === null ? place : (placeByName.get(parent) ?? place) + 1;
    const line = { from, to: place, lane: 0 };
    lines.push(line);
    lineByName.set(name, line);
  });
  lines.forEach((line, i) => {
    line.lane = i === 0 ? 0 : freeLane(line, lines.slice(0, i));
  });
  const laneOf = (name: string): number => lineByName.get(name)?.lane ?? 0;
  const newestFirst = policies.toReversed();
  const rowByName = new Map(newestFirst.map(({ name }, row) => [name, row]));
  return newestFirst.map(({ name, parent }) => {
    const parentRow = parent === null ? undefined : rowByName.get(parent);
    return { name, lane: laneOf(name), parentRow: parentRow ?? null, parentLane: parent === null || parentRow === undefined ? null : laneOf(parent) };
  });
}

function freeLane(line: Line, drawn: readonly Line[]): number {
  const taken = new Set(drawn.filter((other) => other.from <= line.to && other.to >= line.from).map((other) => other.lane));
  let lane = 1;
  while (taken.has(lane)) lane += 1;
  return lane;
}
