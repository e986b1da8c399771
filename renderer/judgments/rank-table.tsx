/** A table of very many rows: as many as fit are on the page; the scrollbar goes by rank, and so do the keys. */
import { type KeyboardEvent as ReactKeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { count } from "../design/format.ts";
import { isClamped, lastTop, type RankScroll, scrollTopOf, spacerHeight, topOf, topShowing } from "./rank-scroll.ts";

export type RankTableProps<Row> = {
  readonly label: string;
  readonly columnCount: number;
  readonly total: number;
  /** Undefined while it is being fetched. */
  readonly rowAt: (rank: number) => Row | undefined;
  /** Changes when rows came. */
  readonly version: number;
  readonly selected: number | null;
  readonly onSelect: (rank: number) => void;
  readonly onOpen: (rank: number) => void;
  readonly onSight: (firstRank: number, lastRank: number) => void;
  readonly head: ReactNode;
  readonly cells: (row: Row) => ReactNode;
  /** A class of a row, beside those of its state. */
  readonly look?: (row: Row) => string;
};

const ROW_REM = 1.75;

function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export function RankTable<Row>(props: RankTableProps<Row>): ReactNode {
  const { total, selected, onSelect, onOpen, onSight } = props;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ rowHeight: ROW_REM * 16, viewHeight: 400 });
  const [top, setTop] = useState(0);
  const scroll: RankScroll = { total, ...size };
  const latest = useRef({ scroll, top });
  useLayoutEffect(() => {
    latest.current = { scroll, top };
  });

  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return undefined;
    const measure = (): void => {
      const rowHeight = ROW_REM * rootPx();
      // The head is a row that stays.
      setSize({ rowHeight, viewHeight: Math.max(rowHeight, scroller.clientHeight - rowHeight) });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    return () => {
      observer.disconnect();
    };
  }, []);

  const goTo = (next: number): void => {
    const { scroll: now } = latest.current;
    const bounded = Math.max(0, Math.min(lastTop(now), next));
    latest.current.top = bounded;
    setTop(bounded);
    const scroller = scrollerRef.current;
    if (scroller !== null) scroller.scrollTop = scrollTopOf(now, bounded);
  };
  const goToRef = useRef(goTo);
  useLayoutEffect(() => {
    goToRef.current = goTo;
  });

  // Where the bar's way is shorter than the rows, a turn of the wheel would jump over many: it moves by rows instead.
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const { scroll: now, top: at } = latest.current;
      if (event.ctrlKey || !isClamped(now)) return;
      event.preventDefault();
      goToRef.current(at + event.deltaY / now.rowHeight);
    };
    scroller.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      scroller.removeEventListener("wheel", onWheel);
    };
  }, []);

  const first = Math.floor(top);
  const fitting = Math.ceil(size.viewHeight / size.rowHeight) + 1;
  const last = Math.min(total, first + fitting) - 1;
  useEffect(() => {
    onSight(first, Math.max(first, last));
  }, [onSight, first, last]);

  const move = (rank: number): void => {
    const next = Math.max(0, Math.min(total - 1, rank));
    onSelect(next);
    const { scroll: now, top: at } = latest.current;
    const shown = topShowing(now, at, next);
    if (shown !== at) goTo(shown);
  };
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    // The buttons of the head keep their own keys.
    if (total === 0 || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(size.viewHeight / size.rowHeight) - 1);
    const at = selected ?? first - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: selected === null ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      move(next);
    } else if (event.key === "Enter" && selected !== null) {
      event.preventDefault();
      onOpen(selected);
    }
  };
  const offset = (first - top) * size.rowHeight;
  return (
    <div
      className="ledger"
      ref={scrollerRef}
      role="grid"
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={props.columnCount}
      aria-activedescendant={selected !== null && selected >= first && selected <= last ? `ledger-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const { scroll: now, top: at } = latest.current;
        const { scrollTop } = event.currentTarget;
        // The echo of a move of ours, a pixel or less away.
        if (Math.abs(scrollTopOf(now, at) - scrollTop) <= 1) return;
        const next = topOf(now, scrollTop);
        latest.current.top = next;
        setTop(next);
      }}
    >
      <div style={{ height: spacerHeight(scroll) + size.rowHeight }} role="presentation">
        <div className="ledger-view" role="presentation">
          {props.head}
          <div className="ledger-rows" style={{ height: size.viewHeight }} role="presentation">
            <div style={{ transform: `translateY(${offset}px)` }} role="presentation">
              {Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).map((rank) => (
                <RankRow key={rank} {...props} rank={rank} row={props.rowAt(rank)} />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

type RankRowProps<Row> = Pick<RankTableProps<Row>, "selected" | "onSelect" | "onOpen" | "cells" | "look"> & {
  readonly rank: number;
  readonly row: Row | undefined;
};

function RankRow<Row>({ rank, row, selected, onSelect, onOpen, cells, look }: RankRowProps<Row>): ReactNode {
  const isSelected = rank === selected;
  const state = isSelected ? " selected" : "";
  if (row === undefined) {
    return (
      <div className={`ledger-row waits${state}`} role="row" id={`ledger-${rank}`} aria-rowindex={rank + 2} aria-busy="true">
        <span role="gridcell" className="c-time">
          {count(rank + 1)}
        </span>
      </div>
    );
  }
  return (
    <div
      className={`ledger-row${look?.(row) ?? ""}${state}`}
      role="row"
      id={`ledger-${rank}`}
      aria-rowindex={rank + 2}
      aria-selected={isSelected}
      onClick={() => {
        onSelect(rank);
        onOpen(rank);
      }}
    >
      {cells(row)}
    </div>
  );
}
