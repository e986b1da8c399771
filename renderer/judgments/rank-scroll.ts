/** A scrollbar by rank: where the rows are more than an element can be high, the bar's way stands for the ranks. */

/** Chromium clamps an element's height at 33,554,428 px. */
export const MAX_HEIGHT_PX = 30_000_000;

export type RankScroll = {
  readonly total: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
};

/** Height of what is scrolled. */
export function spacerHeight({ total, rowHeight, viewHeight }: RankScroll): number {
  return Math.max(viewHeight, Math.min(MAX_HEIGHT_PX, total * rowHeight));
}

/** True where the bar's way is shorter than the rows. */
export function isClamped({ total, rowHeight }: RankScroll): boolean {
  return total * rowHeight > MAX_HEIGHT_PX;
}

/** The greatest rank that can stand at the top, with its fraction: the last row then ends at the foot. */
export function lastTop({ total, rowHeight, viewHeight }: RankScroll): number {
  return Math.max(0, total - viewHeight / rowHeight);
}

/** The rank at the top (with the fraction of a row) for a place of the bar. */
export function topOf(scroll: RankScroll, scrollTop: number): number {
  const way = spacerHeight(scroll) - scroll.viewHeight;
  return way <= 0 ? 0 : (Math.min(way, Math.max(0, scrollTop)) / way) * lastTop(scroll);
}

/** The place of the bar for a rank at the top. */
export function scrollTopOf(scroll: RankScroll, top: number): number {
  const last = lastTop(scroll);
  return last <= 0 ? 0 : (Math.min(last, Math.max(0, top)) / last) * (spacerHeight(scroll) - scroll.viewHeight);
}

/** The rank at the top that brings a row into sight with the least movement. */
export function topShowing(scroll: RankScroll, top: number, rank: number): number {
  const rows = scroll.viewHeight / scroll.rowHeight;
  if (rank < top) return rank;
  if (rank + 1 > top + rows) return Math.min(lastTop(scroll), rank + 1 - rows);
  return top;
}
