/** Which point of a chart an arrow key or a pointer means. */

type Place = { readonly left: number; readonly top: number };
export type Direction = "up" | "down" | "left" | "right";

/** Places that differ by less, in px, stand in one column. */
const COLUMN = 26;

/**
 * The place that an arrow leads to. Left and right: of the nearest column on that side, what stands nearest in height. Up and
 * down: the next in the same column. The one it began from where there is none.
 */
export function nextSpot(spots: readonly Place[], from: number, direction: Direction): number {
  const here = spots[from];
  if (here === undefined) return from;
  const isSideways = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const ahead = spots
    .map((spot, at) => ({
      at,
      along: sign * (isSideways ? spot.left - here.left : spot.top - here.top),
      across: isSideways ? Math.abs(spot.top - here.top) : Math.abs(spot.left - here.left),
    }))
    .filter(
      ({ at, along, across }) =>
        at !== from && (isSideways ? along > COLUMN : across <= COLUMN && (along > 0 || (along === 0 && sign * (at - from) > 0))),
    );
  const nearest = Math.min(...ahead.map(({ along }) => along));
  const candidates = isSideways ? ahead.filter(({ along }) => along <= nearest + COLUMN) : ahead;
  const order = candidates.toSorted((a, b) => (isSideways ? a.across - b.across : a.along - b.along || sign * (a.at - b.at)));
  return order[0]?.at ?? from;
}

/** The place nearest to a point, within reach; null where there is none. */
export function nearestSpot(spots: readonly Place[], left: number, top: number, reach: number): number | null {
  const distances = spots.map((spot) => Math.hypot(spot.left - left, spot.top - top));
  const least = Math.min(...distances);
  return least > reach ? null : distances.indexOf(least);
}
