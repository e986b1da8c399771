/** How the language of the house writes plurals, numbers, lists and dates. */
import { describe, expect, it } from "vitest";
import {
  clockTime,
  compact,
  count,
  counted,
  dayOf,
  fixed,
  gigabytes,
  list,
  momentOf,
  percent,
  plural,
  scientific,
  shortest,
  shortPercent,
  significant,
} from "#app/text/language.ts";
import { fc } from "#tests/support/properties.ts";

describe("numbers", () => {
  it("tells thousands apart in whole numbers", () => {
    expect([count(0), count(3318), count(1_234_567.4)]).toEqual(["0", "3,318", "1,234,567"]);
  });

  it("rounds decimals as the files of the lab do, whatever Intl would", () => {
    // Intl rounds the shortest decimal of a double: it makes 1.01 of 1.005, which is below it.
    expect([fixed(1.005, 2), fixed(0.1234, 1), fixed(-0.04, 1), fixed(2, 0)]).toEqual(["1.00", "0.1", "-0.0", "2"]);
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 6 }), (value, digits) => {
        expect(fixed(value, digits)).toBe(value.toFixed(digits));
        expect(significant(value, digits + 1)).toBe(value.toPrecision(digits + 1));
        expect(scientific(value, digits)).toBe(value.toExponential(digits));
      }),
    );
  });

  it("leaves out what need not be said", () => {
    expect([compact(0.183_44, 3), compact(0.5, 3), shortest(1e-7), shortest(0.25)]).toEqual(["0.183", "0.5", "1e-7", "0.25"]);
    expect([percent(0.95), shortPercent(0.95), shortPercent(0.975), gigabytes(15_550_000_000)]).toEqual(["95.0", "95", "97.5", "15.6 GB"]);
  });
});

describe("plurals", () => {
  const forms = { one: "comparison waits", other: "comparisons wait" };

  it("takes the form of the number", () => {
    expect([0, 1, 2].map((value) => plural(value, forms))).toEqual(["comparisons wait", "comparison waits", "comparisons wait"]);
    expect([counted(1, forms), counted(3318, forms)]).toEqual(["1 comparison waits", "3,318 comparisons wait"]);
  });

  it("takes the general form where a category has none of its own", () => {
    expect(counted(1, { other: "asked in both orders" })).toBe("1 asked in both orders");
  });
});

it("joins what is listed", () => {
  expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
});

it("shows clock and calendar of the place", () => {
  const atMs = new Date(2025, 10, 20, 7, 4, 5).getTime();
  expect([clockTime(atMs), clockTime(atMs, "seconds")]).toEqual(["07:04", "07:04:05"]);
  expect([dayOf(atMs), dayOf(atMs, "day"), momentOf(atMs)]).toEqual(["20 Nov 2025", "20 Nov", "20 Nov 2025, 07:04:05"]);
  expect(clockTime(new Date(2025, 0, 1, 0, 0).getTime())).toBe("00:00");
});
