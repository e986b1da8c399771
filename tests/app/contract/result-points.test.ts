/** Points of the charts: the lab's own numbers in per cent, on an axis that holds every interval with 50 in its middle. */
import { describe, expect, test } from "vitest";
import { lengthBars, rateDomain, ratePoints, rateTicks } from "#app/contract/result-points.ts";
import { duel, results } from "#tests/support/sample-results.ts";

describe("points of win rates", () => {
  test("are the duels of the rounds, raw and at equal lengths, once for each role but a worst one that is shown already", () => {
    const { raw, controlled } = ratePoints(results);
    expect(raw.map(({ policy, opponent, role }) => [policy, opponent, role])).toEqual([
      ["r1", "r0", "previous"],
      ["r1", "r0", "first"],
      ["r1", "teacher", "teacher"],
      ["r1", "r2", "worst"],
      ["r2", "r1", "previous"],
      ["r2", "r0", "first"],
    ]);
    expect([raw[0], controlled[0]].map((point) => [point?.rate, point?.low, point?.high].map((one) => one?.toFixed(3)))).toEqual([
      ["65.000", "55.000", "75.000"],
      ["60.000", "50.000", "70.000"],
    ]);
    expect(raw[0]).toMatchObject({ rate: 65, isHollow: false });
    expect(controlled[0]).toMatchObject({ isHollow: true });
  });

  test("leave out a length-controlled rate that could not be told", () => {
    const untold = { ...duel("r1", "r0", 0.65), lengthControlled: { kind: "undetermined", reason: "tooFewPrompts" } as const };
    const { raw, controlled } = ratePoints({ ...results, duels: [untold] });
    expect([raw.length, controlled.length]).toEqual([2, 0]);
  });
});

test("the axis is centred on 50, as wide as the widest interval, and never beyond 0 and 100", () => {
  expect(rateDomain([])).toEqual([20, 80]);
  expect(rateDomain([{ low: 45, high: 78 }])).toEqual([20, 80]);
  expect(rateDomain([{ low: 45, high: 79 }])).toEqual([10, 90]);
  expect(rateDomain([{ low: 3, high: 60 }])).toEqual([0, 100]);
  expect(rateDomain([{ low: 0, high: 100 }])).toEqual([0, 100]);
});

test("the axis has no line beyond its ends", () => {
  expect([rateTicks([20, 80]), rateTicks([10, 90]), rateTicks([0, 100])]).toEqual([
    [25, 50, 75],
    [10, 25, 50, 75, 90],
    [10, 25, 50, 75, 90],
  ]);
});

test("lengths are those of the rounds' policies", () => {
  expect(lengthBars(results)).toEqual([
    { policy: "r1", characters: 1 },
    { policy: "r2", characters: 1 },
  ]);
});
