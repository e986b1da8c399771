/** The scrollbar by rank: every row can be reached, however many there are and however large the text. */
import { describe, expect, it } from "vitest";
import { isClamped, lastTop, MAX_HEIGHT_PX, type RankScroll, scrollTopOf, spacerHeight, topOf, topShowing } from "#renderer/judgments/rank-scroll.ts";
import { fc } from "#tests/support/properties.ts";

const scrolls: fc.Arbitrary<RankScroll> = fc.record({
  total: fc.integer({ min: 0, max: 5_000_000 }),
  rowHeight: fc.integer({ min: 14, max: 112 }),
  viewHeight: fc.integer({ min: 50, max: 3000 }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("the scrollbar by rank", () => {
  it("is never higher than Chromium draws, and clamps only where it must", () => {
    fc.assert(
      fc.property(scrolls, (scroll) => {
        expect(spacerHeight(scroll)).toBeLessThanOrEqual(Math.max(MAX_HEIGHT_PX, scroll.viewHeight));
        expect(isClamped(scroll)).toBe(scroll.total * scroll.rowHeight > MAX_HEIGHT_PX);
      }),
    );
  });

  it("goes from the first row at the top to the last row at the foot", () => {
    fc.assert(
      fc.property(scrolls, (scroll) => {
        expect(topOf(scroll, 0)).toBe(0);
        const top = topOf(scroll, spacerHeight(scroll) - scroll.viewHeight);
        expect(top + scroll.viewHeight / scroll.rowHeight).toBeGreaterThanOrEqual(Math.min(scroll.total, top + scroll.viewHeight / scroll.rowHeight));
        expect(top).toBeCloseTo(lastTop(scroll), 6);
      }),
    );
  });

  it("gives each rank a place and finds it again, to a hundredth of a pixel of the rows", () => {
    fc.assert(
      fc.property(scrolls, share, (scroll, at) => {
        const top = at * lastTop(scroll);
        expect(Math.abs(topOf(scroll, scrollTopOf(scroll, top)) - top) * scroll.rowHeight).toBeLessThan(0.01);
      }),
    );
  });

  it("moves one row a row's height where nothing is clamped", () => {
    const scroll = { total: 1000, rowHeight: 28, viewHeight: 560 };
    expect(topOf(scroll, 28)).toBeCloseTo(1, 9);
    expect(scrollTopOf(scroll, 10)).toBeCloseTo(280, 9);
  });

  it("brings a row into sight with the least movement", () => {
    const scroll = { total: 1000, rowHeight: 28, viewHeight: 280 };
    expect(topShowing(scroll, 100, 105)).toBe(100);
    expect(topShowing(scroll, 100, 42)).toBe(42);
    expect(topShowing(scroll, 100, 120)).toBe(111);
    expect(topShowing(scroll, 100, 999)).toBe(990);
  });
});
