/** How much a response repeats itself. */

/** Share of n-grams that occurred before in the response: 0 where it is shorter than n. */
export function repeatedNgramShare(tokenIds: readonly number[], n: number): number {
  const total = tokenIds.length - n + 1;
  if (total < 1) return 0;
  const seen = new Set(Array.from({ length: total }, (_, start) => tokenIds.slice(start, start + n).join(",")));
  return 1 - seen.size / total;
}
