/** Cycles among policies: who beats whom in a ring, so that no single score can order them. */
import type { DuelTable, PlayerId } from "./policy-duels.ts";

export type Cycle = {
  /** Each is preferred to the next, and the last to the first. */
  readonly players: readonly PlayerId[];
  /** The least of its win rates: how firm the ring is at its weakest. */
  readonly weakest: number;
};

export type Cycles = {
  /** Triples that go round by their win rates alone, clear or not (Kendall and Babington Smith 1940), and triples in all. */
  readonly triples: number;
  readonly triplesMeasured: number;
  /** Rings of which each interval lies above one half: three long where there are any, else the shortest; firmest first. */
  readonly clear: readonly Cycle[];
};

export function findCycles(table: DuelTable): Cycles {
  const { players, cells } = table;
  const beats = (i: number, j: number): boolean => (cells[i]?.[j]?.winRate ?? 0.5) > 0.5;
  const beatsClearly = (i: number, j: number): boolean => (cells[i]?.[j]?.low ?? 0) > 0.5;
  let [triples, triplesMeasured] = [0, 0];
  const rings: number[][] = [];
  for (const [i, j, k] of triplesOf(players.length)) {
    const [ij, jk, ik] = [cells[i]?.[j], cells[j]?.[k], cells[i]?.[k]];
    if (ij == null || jk == null || ik == null) continue;
    triplesMeasured += 1;
    const ring = ringOf(i, j, k, beats);
    if (ring === undefined) continue;
    triples += 1;
    const clear = ringOf(i, j, k, beatsClearly);
    if (clear !== undefined) rings.push(clear);
  }
  const longer = rings.length > 0 ? undefined : shortestRing(players.length, beatsClearly);
  const clear = [...rings, ...(longer === undefined ? [] : [longer])].map((ring) => toCycle(table, ring));
  return { triples, triplesMeasured, clear: clear.sort((a, b) => b.weakest - a.weakest) };
}

function* triplesOf(size: number): Generator<readonly [number, number, number]> {
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) for (let k = j + 1; k < size; k++) yield [i, j, k];
}

function ringOf(i: number, j: number, k: number, beats: (a: number, b: number) => boolean): number[] | undefined {
  if (beats(i, j) && beats(j, k) && beats(k, i)) return [i, j, k];
  return beats(i, k) && beats(k, j) && beats(j, i) ? [i, k, j] : undefined;
}

/** Where pairs are missing a ring may be longer than three: the shortest, by a walk in breadth from each player. */
function shortestRing(size: number, beats: (a: number, b: number) => boolean): number[] | undefined {
  let shortest: number[] | undefined;
  for (let start = 0; start < size; start++) {
    const cameFrom = new Map<number, number>([[start, start]]);
    // A map's iterator goes on to what is added meanwhile.
    for (const at of cameFrom.keys()) {
      if (at !== start && beats(at, start)) {
        const ring = pathTo(at, start, cameFrom);
        if (shortest === undefined || ring.length < shortest.length) shortest = ring;
        break;
      }
      for (let next = 0; next < size; next++) if (beats(at, next) && !cameFrom.has(next)) cameFrom.set(next, at);
    }
  }
  return shortest;
}

function pathTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [end];
  for (let at = end; at !== start;) {
    at = cameFrom.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

function toCycle({ players, cells }: DuelTable, ring: readonly number[]): Cycle {
  const rates = ring.map((i, place) => cells[i]?.[ring[(place + 1) % ring.length] ?? i]?.winRate ?? 0.5);
  return { players: ring.flatMap((i) => players[i] ?? []), weakest: Math.min(...rates) };
}
