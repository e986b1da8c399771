/** The ticks of an axis read as evenly as they stand. */
import { expect, it } from "vitest";
import { bytes, count, fixed } from "#renderer/design/format.ts";
import { tickTexts } from "#renderer/design/tick-texts.ts";
import { scientific } from "#renderer/training/curves.ts";

it("have as many decimals as the longest of them needs", () => {
  expect(tickTexts([-10, -12.5, -15, -17.5], fixed(0))).toEqual(["−10.0", "−12.5", "−15.0", "−17.5"]);
  expect(tickTexts([0.5, 0.525, 0.55, 0.575], (value) => fixed(0)(100 * value), true)).toEqual(["50.0", "52.5", "55.0", "57.5"]);
  expect(tickTexts([0, 2.5, 5], count)).toEqual(["0.0", "2.5", "5.0"]);
});

it("keep what their format says where it leaves nothing out", () => {
  expect(tickTexts([-20, -10, 0], fixed(0))).toEqual(["−20", "−10", "0"]);
  expect(tickTexts([0.1 + 0.2, 0.4], fixed(2))).toEqual(["0.30", "0.40"]);
  expect(tickTexts([0, 1000, 2000], count)).toEqual(["0", "1,000", "2,000"]);
  expect(tickTexts([0, 5e8, 1e9], bytes)).toEqual(["0 bytes", "500 MB", "1.0 GB"]);
  expect(tickTexts([5e-6, 1e-5], scientific)).toEqual(["5e−6", "1e−5"]);
});
