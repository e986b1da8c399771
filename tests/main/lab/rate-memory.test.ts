/** Rates and time left: told when they can be, over the recent past. */
import { describe, expect, it } from "vitest";
import { createRateMemory } from "#main/lab/rounds/rate-memory.ts";

describe("rates", () => {
  it("are not told before 20 units or 30 s", () => {
    const rates = createRateMemory();
    rates.begin("a", 100, 0);
    rates.note("a", 119, 10_000);
    expect(rates.read("a", 119, 200, 10_000)).toEqual({ rate: null, remainingMs: null, runningMs: 10_000 });
    rates.note("a", 120, 20_000);
    expect(rates.read("a", 120, 200, 20_000)).toEqual({ rate: 1, remainingMs: 80_000, runningMs: 20_000 });
    rates.begin("b", 0, 0);
    rates.note("b", 3, 30_000);
    expect(rates.read("b", 3, null, 31_000)).toEqual({ rate: 0.1, remainingMs: null, runningMs: 31_000 });
  });

  it("are of the recent past, not of the whole run", () => {
    const rates = createRateMemory();
    rates.begin("a", 0, 0);
    // Ten a second for a minute, then one a second for another.
    for (let s = 1; s <= 60; s++) rates.note("a", 10 * s, 1000 * s);
    for (let s = 1; s <= 60; s++) rates.note("a", 600 + s, 60_000 + 1000 * s);
    expect(rates.read("a", 660, 700, 120_000).rate).toBeCloseTo(1, 9);
    expect(rates.read("a", 660, 700, 120_000).remainingMs).toBeCloseTo(40_000, 6);
  });

  it("are forgotten when the run ends, and unknown for what does not run here", () => {
    const rates = createRateMemory();
    rates.begin("a", 0, 0);
    rates.note("a", 50, 1000);
    rates.end("a");
    expect(rates.read("a", 50, 100, 2000)).toEqual({ rate: null, remainingMs: null, runningMs: 0 });
    rates.note("a", 60, 3000);
    expect(rates.read("a", 60, 100, 3000).runningMs).toBe(0);
  });
});
