/** Where an interval lies on the small axis of a whisker: always centred on 50 %, never clipped in silence. */

export type IntervalScale = {
  /** Half the width of the axis, as a share: 0.3 is 20 % to 80 %. */
  readonly reach: number;
  /** Places from 0 (left end) to 1 (right end). */
  readonly low: number;
  readonly point: number;
  readonly high: number;
  /** The interval goes on beyond the axis. */
  readonly isCutLow: boolean;
  readonly isCutHigh: boolean;
};

const REACHES = [0.3, 0.4, 0.5];

/** `low`, `point` and `high` as shares of 1; the axis is the narrowest of 20–80, 10–90 and 0–100 % that holds them. */
export function scaleInterval(low: number, point: number, high: number): IntervalScale {
  const needed = Math.max(Math.abs(low - 0.5), Math.abs(high - 0.5), Math.abs(point - 0.5));
  const reach = REACHES.find((one) => needed <= one) ?? 0.5;
  const place = (share: number): number => Math.min(1, Math.max(0, (share - 0.5 + reach) / (2 * reach)));
  return {
    reach,
    low: place(low),
    point: place(point),
    high: place(high),
    isCutLow: low < 0.5 - reach,
    isCutHigh: high > 0.5 + reach,
  };
}

/** An interval that holds one half is drawn hollow: it tells no direction. */
export function holdsHalf(low: number, high: number): boolean {
  return low <= 0.5 && high >= 0.5;
}
