/** Ends a response before the first of its stop texts. */

/** The text before the earliest stop; undefined where none occurs. */
export function textBeforeStop(text: string, stops: readonly string[]): string | undefined {
  const starts = stops.map((stop) => text.indexOf(stop)).filter((start) => start >= 0);
  return starts.length === 0 ? undefined : text.slice(0, Math.min(...starts));
}

/** How many leading tokens decode to no more than `text`: a token that reaches beyond it is left out. */
export function tokensWithin(text: string, tokenIds: readonly number[], decode: (ids: readonly number[]) => string): number {
  let count = tokenIds.length;
  // Bytes of an unfinished character decode to a replacement character, which no prefix of the text has.
  while (count > 0 && !text.startsWith(decode(tokenIds.slice(0, count)))) count -= 1;
  return count;
}
