/** Where names stand beside the ends of lines: as near as they can without lying on each other. */

/** The places (pixels from the top) in the order given, each at least `gap` below the next one above it. */
export function apart(places: readonly number[], gap: number): readonly number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let above = -Infinity;
  for (const i of order) {
    above = Math.max(places[i] ?? 0, above + gap);
    moved[i] = above;
  }
  return moved;
}
