/** Rates and time left: told when they can be, over the recent past. */
import { describe, expect, it } from "vitest";
import { createRateMemory } from "#main/lab/rounds/rate-memory.ts";

describe("rates", () => {
  it("are not told before 20 units or 30 s", () => {
    const rates = createRateMemory();
    rates.begin("a", 0);
    rates.note("a", 100, 5000);
    rates.note("a", 119, 10_000);
    expect(rates.read("a", 119, 200, 10_000)).toEqual({ rate: null, remainingMs: null, runningMs: 10_000 });
    rates.note("a", 120, 25_000);
    expect(rates.read("a", 120, 200, 25_000)).toEqual({ rate: 1, remainingMs: 80_000, runningMs: 25_000 });
    rates.begin("b", 0);
    rates.note("b", 1, 5000);
    rates.note("b", 4, 35_000);
    expect(rates.read("b", 4, null, 36_000)).toEqual({ rate: 0.1, remainingMs: null, runningMs: 36_000 });
  });

  it("are of the recent past, not of the whole run", () => {
    const rates = createRateMemory();
    rates.begin("a", 0);
    // Ten a second for a minute, then one a second for another.
    for (let s = 1; s <= 60; s++) rates.note("a", 10 * s, 1000 * s);
    for (let s = 1; s <= 60; s++) rates.note("a", 600 + s, 60_000 + 1000 * s);
    expect(rates.read("a", 660, 700, 120_000).rate).toBeCloseTo(1, 9);
    expect(rates.read("a", 660, 700, 120_000).remainingMs).toBeCloseTo(40_000, 6);
  });

  it("leave out what came before the first units, which happens once: reading a model, scoring references", () => {
    const rates = createRateMemory();
    rates.begin("a", 0);
    for (let s = 60; s <= 300; s += 60) rates.note("a", 0, 1000 * s);
    expect(rates.read("a", 0, 32, 300_000).rate).toBeNull();
    rates.note("a", 1, 320_000);
    expect(rates.read("a", 1, 32, 320_000).rate).toBeNull();
    rates.note("a", 2, 340_000);
    expect(rates.read("a", 2, 32, 340_000)).toMatchObject({ rate: 0.05, remainingMs: 600_000 });
  });

  it("do not jump with each pause between slow units, such as a look at held-out pairs every five steps", () => {
    const rates = createRateMemory();
    rates.begin("a", 0);
    const minutesLeft = new Array<number>();
    for (let step = 0; step <= 40; step++) {
      const atMs = 1000 * (16 * step + 30 * Math.floor(step / 5));
      rates.note("a", step, atMs);
      const left = rates.read("a", step, 100, atMs).remainingMs;
      if (step >= 10 && left !== null) minutesLeft.push(left / 60_000 / ((100 - step) * (22 / 60)));
    }
    expect(minutesLeft).toHaveLength(31);
    // A step takes 22 s over all: what is said is within a seventh of that.
    for (const share of minutesLeft) expect(Math.abs(share - 1)).toBeLessThan(1 / 7);
  });

  it("are forgotten when the run ends, and unknown for what does not run here", () => {
    const rates = createRateMemory();
    rates.begin("a", 0);
    rates.note("a", 10, 500);
    rates.note("a", 50, 1000);
    rates.end("a");
    expect(rates.read("a", 50, 100, 2000)).toEqual({ rate: null, remainingMs: null, runningMs: 0 });
    rates.note("a", 60, 3000);
    expect(rates.read("a", 60, 100, 3000).runningMs).toBe(0);
  });
});
