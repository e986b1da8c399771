/** Wilson's interval against statsmodels and the method's oracle, and its laws. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { wilsonInterval } from "#app/statistics/wilson.ts";
import { fc } from "#tests/support/properties.ts";

const golden = z
  .object({ wilson: z.array(z.object({ points: z.number(), n: z.number(), confidence: z.number(), interval: z.tuple([z.number(), z.number()]) })) })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/intervals.json", import.meta.url), "utf8")));

test.each(golden.wilson)("$points of $n at $confidence as statsmodels has it", ({ points, n, confidence, interval }) => {
  const { low, high } = wilsonInterval(points / n, n, confidence);
  expect(low).toBeCloseTo(interval[0], 12);
  expect(high).toBeCloseTo(interval[1], 12);
});

test("20 of 30 gives 0.4878 to 0.8077", () => {
  const { low, high } = wilsonInterval(20 / 30, 30, 0.95);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.4878", "0.8077"]);
});

test("nothing judged leaves everything possible", () => {
  expect(wilsonInterval(0.5, 0, 0.95)).toEqual({ low: 0, high: 1 });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.integer({ min: 1, max: 5000 });

test("it lies in [0, 1], holds the mean, has width, and mirrors when wins and losses change places", () => {
  fc.assert(
    fc.property(share, count, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (mean, n, confidence) => {
      const { low, high } = wilsonInterval(mean, n, confidence);
      const mirrored = wilsonInterval(1 - mean, n, confidence);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
      expect(high - low).toBeGreaterThan(0);
      expect(mirrored.low).toBeCloseTo(1 - high, 10);
    }),
  );
});

test("more prompts make it narrower, more confidence wider", () => {
  fc.assert(
    fc.property(share, count, (mean, n) => {
      const width = (of: number, confidence: number): number => {
        const { low, high } = wilsonInterval(mean, of, confidence);
        return high - low;
      };
      expect(width(4 * n, 0.95)).toBeLessThan(width(n, 0.95));
      expect(width(n, 0.99)).toBeGreaterThan(width(n, 0.95));
    }),
  );
});
