/** What the address of the results names: the split, the two whose answers are open, and which of their answers. */
import { type ExampleFilter, exampleFilterSchema } from "#app/contract/result-views.ts";

export type ResultsSearch = {
  readonly split?: "validation" | "test";
  readonly first?: string;
  readonly second?: string;
  readonly filter?: ExampleFilter;
};

/** What of an address is understood; the rest is left out. */
export function resultsSearch(search: Readonly<Record<string, unknown>>): ResultsSearch {
  const { split, first, second } = search;
  const filter = exampleFilterSchema.safeParse(search["filter"]);
  return {
    ...(split === "validation" || split === "test" ? { split } : {}),
    // A policy's name may look like a number.
    ...(typeof first === "string" || typeof first === "number" ? { first: String(first) } : {}),
    ...(typeof second === "string" || typeof second === "number" ? { second: String(second) } : {}),
    ...(filter.success ? { filter: filter.data } : {}),
  };
}
