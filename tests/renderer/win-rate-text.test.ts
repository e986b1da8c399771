/** Win rates in words. */
import { describe, expect, it } from "vitest";
import { opponentText, readingOf, remarkOf, winRateSentence } from "#renderer/rounds/win-rate-text.ts";
import { winRateView } from "./sample-views.ts";

describe("a win rate in words", () => {
  it("says direction and opponent first, then the doubt", () => {
    expect(winRateSentence(winRateView(), 0.95)).toBe("r1 wins 57.8 % against r0 (95 % interval 52.6–62.8, n 320)");
    expect(winRateSentence(winRateView({ isSimultaneous: true }), 0.9)).toContain("90 % interval 52.6–62.8, simultaneous");
  });

  it("reads no direction from an interval that holds one half, and nothing from too few", () => {
    expect(readingOf(winRateView())).toBe("better");
    expect(readingOf(winRateView({ winRate: 0.41, low: 0.36, high: 0.46 }))).toBe("worse");
    expect(readingOf(winRateView({ low: 0.47 }))).toBe("no significant change");
    expect(readingOf(winRateView({ n: 19 }))).toBe("too few");
  });

  it("names the opponents and what is missing", () => {
    expect(opponentText(winRateView())).toBe("the round before and the first policy");
    expect(remarkOf(winRateView({ missing: 3 }))).toBe("mean length 171 against 156 · 3 without an answer");
  });
});
