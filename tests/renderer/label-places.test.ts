/** Names beside the ends of lines. */
import { expect, it } from "vitest";
import { apart } from "#renderer/design/label-places.ts";

it("leaves names where they are that have room, and moves those that would lie on each other down", () => {
  expect(apart([10, 50], 13)).toEqual([10, 50]);
  expect(apart([50, 48, 10], 13)).toEqual([61, 48, 10]);
  expect(apart([20, 20, 30], 13)).toEqual([20, 33, 46]);
  expect(apart([], 13)).toEqual([]);
});
