/** Where keys and values lie in the tables of app/models/cache-graphs.ts. */
import type { CacheShape } from "./kv-cache.kernel.ts";

/** Positions of a row: `count` from `start` on. */
export type CacheSpan = { readonly row: number; readonly start: number; readonly count: number };

/** Of each number of the keys, in the order row, head, element, position. */
export function keyPlaces({ kvHeads, headSize, length }: CacheShape, spans: readonly CacheSpan[]): BigInt64Array {
  return placesOf(spans, kvHeads * headSize, length);
}

/** Of each position's values, in the order row, head, position. */
export function valuePlaces({ kvHeads, length }: CacheShape, spans: readonly CacheSpan[]): BigInt64Array {
  return placesOf(spans, kvHeads, length);
}

/** A row has `lines` lines of `length` positions. */
function placesOf(spans: readonly CacheSpan[], lines: number, length: number): BigInt64Array {
  const places = new BigInt64Array(lines * spans.reduce((sum, { count }) => sum + count, 0));
  let next = 0;
  for (const { row, start, count } of spans) {
    for (let line = row * lines; line < (row + 1) * lines; line++) {
      for (let i = 0; i < count; i++) places[next++] = BigInt(line * length + start + i);
    }
  }
  return places;
}
