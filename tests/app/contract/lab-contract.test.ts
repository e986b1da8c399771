/** What pages may ask of a lab: every method has a schema that refuses what is no input of it, or takes no input at all. */
import { expect, it } from "vitest";
import { contract } from "#app/contract/contract.ts";
import { isTaken, methodsOf } from "#tests/support/contract-methods.ts";

/** Their handlers are given nothing that came from outside. */
const WITHOUT_INPUT: readonly string[] = [
  ...["experiments.get"],
  ...["forecast", "judgeForecast", "list", "measureTraining", "pause", "resume", "series", "settle", "stop", "watch"].map((name) => `rounds.${name}`),
  ...["queue.authors", "judgments.facets"],
  ...["agreement", "chosen", "comparison", "giveUpComparison", "table"].map((name) => `results.${name}`),
  ...["policies.hub", "policies.list"],
  ...["about", "backUp", "backups", "budget", "devices", "doctor", "endpoints", "engine", "network", "snapshots", "templates"].map(
    (name) => `settings.${name}`,
  ),
];

const METHODS = methodsOf(contract);
const isChecked = ([, method]: (typeof METHODS)[number]): boolean => method["~orpc"].inputSchema !== undefined;

it("has a schema for the input of every method that takes one", () => {
  const without = METHODS.filter((row) => !isChecked(row)).map(([path]) => path);
  expect(without.toSorted()).toEqual(WITHOUT_INPUT.toSorted());
});

it.each(METHODS.filter(isChecked))("%s refuses what is no record of its fields", async (_path, method) => {
  for (const input of [7, "x", true, null, [1]]) expect([input, await isTaken(method, input)]).toEqual([input, false]);
});
