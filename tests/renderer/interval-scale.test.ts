/** The axis on which an interval is drawn. */
import { describe, expect, it } from "vitest";
import { holdsHalf, scaleInterval } from "#renderer/design/interval-scale.ts";
import { fc } from "#tests/support/properties.ts";

describe("the axis of an interval", () => {
  it("is the narrowest that holds the interval, always centred on one half", () => {
    expect(scaleInterval(0.4, 0.5, 0.6)).toMatchObject({ reach: 0.3, point: 0.5, isCutLow: false, isCutHigh: false });
    expect(scaleInterval(0.15, 0.2, 0.3).reach).toBe(0.4);
    expect(scaleInterval(0.02, 0.2, 0.3).reach).toBe(0.5);
  });

  it("keeps the order of low, point and high, and one half in the middle", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (a, b, c) => {
        const [low = 0, point = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
        const scale = scaleInterval(low, point, high);
        expect(scale.low).toBeLessThanOrEqual(scale.point);
        expect(scale.point).toBeLessThanOrEqual(scale.high);
        expect(scale.point > 0.5).toBe(point > 0.5 && scale.point !== 0.5);
        expect(scale.isCutLow || scale.isCutHigh).toBe(false);
      }),
    );
  });

  it("tells an interval that holds one half from one that does not, edges included", () => {
    expect([holdsHalf(0.45, 0.55), holdsHalf(0.5, 0.6), holdsHalf(0.4, 0.5), holdsHalf(0.51, 0.6), holdsHalf(0.3, 0.49)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
