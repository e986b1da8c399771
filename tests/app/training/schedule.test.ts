/** Learning rates step by step, worked out by hand. */
import { describe, expect, test } from "vitest";
import { learningRateAt } from "#app/training/schedule.ts";
import { fc } from "#tests/support/properties.ts";

const rates = (schedule: "constant" | "linear" | "cosine", stepCount: number, warmupShare: number): number[] =>
  Array.from({ length: stepCount }, (_, step) => learningRateAt(step, stepCount, { learningRate: 8, schedule, warmupShare }));

describe("ten steps at rate 8, two of them for warming up", () => {
  test("linear falls by an eighth a step", () => {
    expect(rates("linear", 10, 0.2)).toEqual([0, 4, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("constant stays", () => {
    expect(rates("constant", 10, 0.2)).toEqual([0, 4, 8, 8, 8, 8, 8, 8, 8, 8]);
  });

  test("cosine is half a wave: half the rate half-way, 4 (1 + cos 7π/8) in the last step", () => {
    const cosine = rates("cosine", 10, 0.2);
    expect(cosine.slice(0, 3)).toEqual([0, 4, 8]);
    expect(cosine[6]).toBeCloseTo(4, 12);
    expect(cosine[9]).toBeCloseTo(0.304482, 6);
  });
});

test("the steps of warming up are rounded up; without any the first step has the full rate", () => {
  expect(rates("constant", 4, 0.3)).toEqual([0, 4, 8, 8]);
  expect(rates("linear", 4, 0)).toEqual([8, 6, 4, 2]);
});

test("a round of a single step learns at the full rate, whatever the warm-up", () => {
  for (const schedule of ["constant", "linear", "cosine"] as const) expect(rates(schedule, 1, 0.1)).toEqual([8]);
  expect(rates("constant", 3, 1)).toEqual([0, 4, 8]);
});

test("a rate lies between 0 and the full one, and never rises after warming up", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom("constant", "linear", "cosine"), fc.integer({ min: 1, max: 200 }), share, (schedule, stepCount, warmupShare) => {
      const all = rates(schedule, stepCount, warmupShare);
      for (const rate of all) expect(rate >= 0 && rate <= 8).toBe(true);
      const after = all.slice(Math.ceil(stepCount * warmupShare));
      after.slice(1).forEach((rate, i) => expect(rate).toBeLessThanOrEqual(after[i] ?? 0));
    }),
  );
});
