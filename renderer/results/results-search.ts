/** What the address of the results names: the split, and the two whose answers are open. */
export type ResultsSearch = {
  readonly split?: "validation" | "test";
  readonly first?: string;
  readonly second?: string;
};

/** What of an address is understood; the rest is left out. */
export function resultsSearch(search: Readonly<Record<string, unknown>>): ResultsSearch {
  const { split, first, second } = search;
  return {
    ...(split === "validation" || split === "test" ? { split } : {}),
    // A policy's name may look like a number.
    ...(typeof first === "string" || typeof first === "number" ? { first: String(first) } : {}),
    ...(typeof second === "string" || typeof second === "number" ? { second: String(second) } : {}),
  };
}
