/** The address of the results: what is understood, and what is left out. */
import { expect, test } from "vitest";
import { resultsSearch } from "#renderer/results/results-search.ts";

test("a split and two players are understood, also names that look like numbers; the rest is left out", () => {
  expect(resultsSearch({ split: "test", first: "r2", second: 7, other: "x" })).toEqual({ split: "test", first: "r2", second: "7" });
  expect(resultsSearch({ first: "r2", second: "r1", filter: "lost" })).toEqual({ first: "r2", second: "r1", filter: "lost" });
  expect(resultsSearch({ filter: "best" })).toEqual({});
  expect(resultsSearch({ split: "training", first: null, second: ["r1"] })).toEqual({});
});
