/** Numbers, times and shares in words. */
import { describe, expect, it } from "vitest";
import { clockTime, count, duration, fixed, percent, rate, remaining } from "#renderer/design/format.ts";

const MINUTE_MS = 60_000;

describe("numbers and times", () => {
  it("separates thousands and rounds to whole numbers", () => {
    expect([count(0), count(3318), count(1_234_567.4)]).toEqual(["0", "3,318", "1,234,567"]);
  });

  it("shows shares in per cent with one decimal", () => {
    expect([percent(0.5775), percent(1), percent(0)]).toEqual(["57.8", "100.0", "0.0"]);
  });

  it("says measured time in two units", () => {
    expect([duration(12_400), duration(7 * MINUTE_MS + 2000), duration(110 * MINUTE_MS)]).toEqual(["12 s", "7 min 02 s", "1 h 50 min"]);
    expect(duration(400)).toBe("under 1 s");
  });

  it("says a forecast no finer than it can be known", () => {
    expect([remaining(4000), remaining(47_000), remaining(45.4 * MINUTE_MS), remaining(108 * MINUTE_MS), remaining(121 * MINUTE_MS)]).toEqual([
      "a few seconds left",
      "about 45 s left",
      "about 45 min left",
      "about 1 h 50 min left",
      "about 2 h left",
    ]);
  });

  it("chooses the unit of a rate so that at least one happens in it", () => {
    expect([rate(4.06), rate(0.2), rate(0.001)]).toEqual(["4.1 a second", "12.0 a minute", "3.6 an hour"]);
  });

  it("writes a true minus sign, and none before what is rounded to nothing", () => {
    expect([fixed(2)(-0.12), fixed(2)(-0.001), fixed(0)(-0.4), fixed(1)(0)]).toEqual(["−0.12", "0.00", "0", "0.0"]);
  });

  it("shows the clock of the place", () => {
    expect(clockTime(new Date(2026, 0, 5, 7, 4).getTime())).toBe("07:04");
  });
});
