/** The lanes of a lineage: one for each line of descent. */
import { expect, test } from "vitest";
import { lineageOf } from "#renderer/policies/lineage.ts";

test("a first child goes on in its parent's lane, a second opens one, a root too", () => {
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
    ["other", 2, null, null],
    ["r2-wide", 1, 4, 0],
    ["r2", 0, 4, 0],
    ["r1", 0, 5, 0],
    ["base", 0, null, null],
  ]);
});

test("a parent that is not in the list is no line", () => {
  expect(lineageOf([{ name: "r1", parent: "gone" }])).toEqual([{ name: "r1", lane: 0, parentRow: null, parentLane: null }]);
});
