/** Arrow keys over the points of a chart: every point can be reached, and each arrow goes where it points. */
import { describe, expect, test } from "vitest";
import { nearestSpot, nextSpot } from "#renderer/results/near-spots.ts";

/** Two rounds: round before, first policy, worst opponent; the first two at one height in the first round. */
const SPOTS = [
  { left: 55, top: 100 },
  { left: 64, top: 100 },
  { left: 69, top: 180 },
  { left: 205, top: 60 },
  { left: 214, top: 40 },
];

describe("an arrow", () => {
  test("leads up and down within a round, through points of one height too", () => {
    expect([0, 1, 2].map((from) => nextSpot(SPOTS, from, "down"))).toEqual([1, 2, 2]);
    expect([2, 1, 0].map((from) => nextSpot(SPOTS, from, "up"))).toEqual([1, 0, 0]);
    expect([nextSpot(SPOTS, 3, "up"), nextSpot(SPOTS, 4, "down")]).toEqual([4, 3]);
  });

  test("leads to the round beside, to what stands nearest in height", () => {
    expect([0, 1, 2].map((from) => nextSpot(SPOTS, from, "right"))).toEqual([3, 3, 3]);
    expect([3, 4].map((from) => nextSpot(SPOTS, from, "left"))).toEqual([0, 0]);
    expect(nextSpot(SPOTS, 4, "right")).toBe(4);
  });

  test("reaches every point", () => {
    const reached = new Set([0]);
    for (const from of reached) for (const direction of ["up", "down", "left", "right"] as const) reached.add(nextSpot(SPOTS, from, direction));
    expect(reached.size).toBe(SPOTS.length);
  });
});

test("a pointer means the nearest point within reach, or none", () => {
  expect(nearestSpot(SPOTS, 56, 102, 24)).toBe(0);
  expect(nearestSpot(SPOTS, 62, 98, 24)).toBe(1);
  expect(nearestSpot(SPOTS, 130, 100, 24)).toBeNull();
  expect(nearestSpot([], 1, 1, 24)).toBeNull();
});
