/** Ranges of a forecast in words: nothing is left out of them that one end alone has. */
import { expect, it } from "vitest";
import { quantityText } from "#renderer/rounds/quantity-text.ts";

const MINUTE_MS = 60_000;
const range = (low: number, high: number, unit: "ms" | "count" | "bytes"): string =>
  quantityText({ value: (low + high) / 2, low, high, source: "measured" }, unit);

it("says the unit of a range once where both ends have it and no other", () => {
  expect([range(30 * MINUTE_MS, 36 * MINUTE_MS, "ms"), range(120 * MINUTE_MS, 180 * MINUTE_MS, "ms")]).toEqual(["~ 30–36 min", "~ 2–3 h"]);
  expect([range(610, 710, "count"), range(1.2e9, 1.4e9, "bytes")]).toEqual(["~ 610–710", "~ 1.2–1.4 GB"]);
});

it("writes both ends out where one has two units or another one", () => {
  expect(range(70 * MINUTE_MS, 100 * MINUTE_MS, "ms")).toBe("~ 70 min–1 h 40 min");
  expect(range(100 * MINUTE_MS, 160 * MINUTE_MS, "ms")).toBe("~ 1 h 40 min–2 h 40 min");
  expect(range(40_000, 3 * MINUTE_MS, "ms")).toBe("~ 40 s–3 min");
});
