/** What pages may ask of the host: every method takes good input and refuses bad input by its schema; the table has all of them. */
import { describe, expect, it } from "vitest";
import { hostContract } from "#app/contract/host.ts";
import { isTaken, methodsOf } from "#tests/support/contract-methods.ts";

type Case = { readonly good: readonly unknown[]; readonly bad: readonly unknown[] };

const CONFIG = {};
const NAME_TOO_LONG = "n".repeat(201);

/** By the path of the method; `null` for one without input. */
const CASES: Readonly<Record<string, Case | null>> = {
  about: { good: [{}, { key: "a1" }], bad: [null, "a1", { key: 1 }] },
  "experiments.recent": null,
  "experiments.open": { good: [{ folder: "/a" }], bad: [{}, { folder: "" }, { folder: 3 }, null] },
  "experiments.create": {
    good: [
      { name: "Short replies", config: CONFIG },
      { name: "x", folder: "/a", config: { seed: 3 } },
    ],
    bad: [
      { name: "", config: CONFIG },
      { name: "   ", config: CONFIG },
      { name: NAME_TOO_LONG, config: CONFIG },
      { name: "x" },
      { name: "x", folder: "", config: CONFIG },
      { name: "x", config: { seed: -1 } },
      { name: "x", config: { noSuchSetting: 1 } },
    ],
  },
  "experiments.createDemo": {
    good: [{}, { rounds: 0 }, { rounds: 2, oracle: "cycle" }],
    bad: [{ oracle: "people" }, { rounds: 3 }, { rounds: -1 }, { rounds: 1.5 }, { rounds: "2" }],
  },
  "experiments.forget": { good: [{ folder: "/a" }], bad: [{ folder: "" }, {}] },
  "experiments.remember": {
    good: [{ folder: "/a", openedAtMs: 1 }],
    bad: [{ folder: "/a" }, { folder: "", openedAtMs: 1 }, { folder: "/a", openedAtMs: "1" }],
  },
  "files.list": { good: [{}, { path: "/a" }], bad: [{ path: 1 }, null] },
  "files.choose": { good: [{ what: "folder" }, { what: "prompts" }], bad: [{}, { what: "passwords" }] },
};

const METHODS = new Map(methodsOf(hostContract));

describe("the host's contract", () => {
  it("has a row for every method, and every row a method", () => {
    expect(Object.keys(CASES).toSorted()).toEqual([...METHODS.keys()].toSorted());
  });

  it.each(Object.entries(CASES))("%s", async (path, row) => {
    const method = METHODS.get(path);
    if (method === undefined) throw new Error(`expected a method ${path}`);
    if (row === null) {
      expect(method["~orpc"].inputSchema).toBeUndefined();
      return;
    }
    for (const input of row.good) expect([path, input, await isTaken(method, input)]).toEqual([path, input, true]);
    for (const input of row.bad) expect([path, input, await isTaken(method, input)]).toEqual([path, input, false]);
  });
});
