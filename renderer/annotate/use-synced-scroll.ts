/** Two sheets that scroll as one: what is read beside each other stands beside each other. */
import { type RefObject, useRef } from "react";

export type SyncedScroll = {
  /** To be called when that side has scrolled. */
  onScroll(side: "left" | "right"): void;
};

/** The other side follows by the same way, not by the same share: the first lines of both stay level. */
export function useSyncedScroll(left: RefObject<HTMLElement | null>, right: RefObject<HTMLElement | null>, isTogether: boolean): SyncedScroll {
  /** Where a side was sent by us: its event is the echo of the other one's. */
  const sentTo = useRef<{ side: "left" | "right"; top: number } | null>(null);
  return {
    onScroll: (side) => {
      const [from, to] = side === "left" ? [left.current, right.current] : [right.current, left.current];
      if (from === null || to === null || !isTogether) return;
      const echo = sentTo.current;
      sentTo.current = null;
      if (echo?.side === side && Math.abs(echo.top - from.scrollTop) < 1) return;
      const top = Math.min(from.scrollTop, to.scrollHeight - to.clientHeight);
      if (Math.abs(to.scrollTop - top) < 1) return;
      sentTo.current = { side: side === "left" ? "right" : "left", top };
      to.scrollTop = top;
    },
  };
}
