/** Identical texts become one candidate, whatever order they come in. */
import { expect, test } from "vitest";
import { mergeDuplicates } from "#app/preferences/candidates.ts";
import { fc } from "#tests/support/properties.ts";
import { source } from "./support.ts";

test("identical texts become one candidate that counts its members", () => {
  const merged = mergeDuplicates([source("a", "yes"), source("b", "no", { sampleIndex: 1 }), source("c", "yes", { sampleIndex: 2 })]);
  expect(merged.map(({ id, count, ownCount, memberIds }) => ({ id, count, ownCount, memberIds }))).toEqual([
    { id: "a", count: 2, ownCount: 2, memberIds: ["a", "c"] },
    { id: "b", count: 1, ownCount: 1, memberIds: ["b"] },
  ]);
});

test("a policy that repeats its teacher gives one candidate that is both", () => {
  const [only] = mergeDuplicates([source("t", "yes", { source: "teacher" }), source("a", "yes")]);
  expect(only).toMatchObject({ id: "a", count: 2, ownCount: 1, isTeacher: true });
});

test("a finished response stands for its text before one that was cut", () => {
  const [only] = mergeDuplicates([source("a", "yes", { finishReason: "length" }), source("b", "yes", { sampleIndex: 3 })]);
  expect(only?.id).toBe("b");
});

test("candidates do not depend on the order of the responses, and no response is lost", () => {
  const responses = fc.uniqueArray(
    fc.record({ text: fc.constantFrom("x", "y", "z", ""), isTeacher: fc.boolean(), isRepetitive: fc.boolean(), index: fc.nat(50) }),
    { selector: (response) => response.index },
  );
  fc.assert(
    fc.property(responses, fc.array(fc.nat(), { minLength: 51, maxLength: 51 }), (drawn, keys) => {
      const sources = drawn.map((r) =>
        source(`r${r.index}`, r.text, { source: r.isTeacher ? "teacher" : "policy", sampleIndex: r.index, isRepetitive: r.isRepetitive }),
      );
      const turned = sources.map((s, i) => ({ s, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
      const merged = mergeDuplicates(sources);
      expect(mergeDuplicates(turned.map(({ s }) => s))).toEqual(merged);
      expect(merged.flatMap((c) => c.memberIds).sort()).toEqual(sources.map((s) => s.id).sort());
      expect(new Set(merged.map((c) => c.text)).size).toBe(merged.length);
    }),
  );
});
