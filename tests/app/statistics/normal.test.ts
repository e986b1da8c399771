/** The normal distribution against SciPy, and its own laws. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { normalQuantile, normalUpperTail, twoSidedQuantile } from "#app/statistics/normal.ts";
import { fc } from "#tests/support/properties.ts";

const points = z.array(z.tuple([z.number(), z.number()]));
const golden = z
  .object({ quantiles: points, upperTails: points })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/intervals.json", import.meta.url), "utf8")));

describe("against SciPy", () => {
  test.each(golden.quantiles)("the quantile of %d", (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
  });

  test.each(golden.upperTails)("the upper tail at %d", (x, expected) => {
    expect(Math.abs(normalUpperTail(x) / expected - 1)).toBeLessThanOrEqual(2e-13);
  });
});

test("the quantile undoes the tail", () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 0, noNaN: true }), (x) => {
      expect(Math.abs(normalQuantile(normalUpperTail(-x)) - x)).toBeLessThanOrEqual(1e-11 * Math.max(1, -x));
    }),
  );
});

test("the quantile is odd about one half", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (p) => {
      expect(normalQuantile(p) + normalQuantile(1 - p)).toBeCloseTo(0, 8);
    }),
  );
});

test("a two-sided 95 % interval reaches 1.96 deviations", () => {
  expect(twoSidedQuantile(0.95)).toBeCloseTo(1.959963984540054, 12);
});

test.each([0, 1, -0.1, Number.NaN])("there is no quantile of %d", (p) => {
  expect(() => normalQuantile(p)).toThrow(/between 0 and 1/);
});
