/** The lanes of a lineage: one for each line of descent. */
import { expect, test } from "vitest";
import { lineageOf } from "#renderer/policies/lineage.ts";

test("a first child goes on in its parent's lane, a second opens one, a root takes one that is free", () => {
  const nodes = lineageOf([
    { name: "base", parent: null },
    { name: "r1", parent: "base" },
    { name: "r2", parent: "r1" },
    { name: "r2-wide", parent: "r1" },
    { name: "other", parent: null },
    { name: "r3", parent: "r2" },
  ]);
  expect(nodes.map((node) => [node.name, node.lane, node.parentRow, node.parentLane])).toEqual([
    ["r3", 0, 3, 0],
    ["other", 1, null, null],
    ["r2-wide", 1, 4, 0],
    ["r2", 0, 4, 0],
    ["r1", 0, 5, 0],
    ["base", 0, null, null],
  ]);
});

test("many roots beside a line stand in one lane, and lines that run side by side in lanes of their own", () => {
  const lanes = (policies: readonly { readonly name: string; readonly parent: string | null }[]) =>
    Object.fromEntries(lineageOf(policies).map(({ name, lane }) => [name, lane]));
  const roots = Array.from({ length: 8 }, (_, i) => ({ name: `added${i}`, parent: null }));
  const line = [
    { name: "base", parent: null },
    { name: "r1", parent: "base" },
  ];
  expect(new Set(Object.values(lanes([...line, ...roots])))).toEqual(new Set([0, 1]));
  // "wide" leaves r1 and goes on above "added": they cannot share a lane.
  expect(
    lanes([
      ...line,
      { name: "wide", parent: "base" },
      { name: "added", parent: null },
      { name: "r2", parent: "r1" },
      { name: "wider", parent: "wide" },
    ]),
  ).toEqual({ base: 0, r1: 0, wide: 1, added: 2, r2: 0, wider: 1 });
});

test("a parent that is not in the list is no line", () => {
  expect(lineageOf([{ name: "r1", parent: "gone" }])).toEqual([{ name: "r1", lane: 0, parentRow: null, parentLane: null }]);
});
