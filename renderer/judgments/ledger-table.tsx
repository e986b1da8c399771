/** The ledger on screen: as many rows as fit, out of however many there are; the scrollbar goes by rank. */
import { ArrowDown, ArrowUp, Bot, ScrollText, User } from "lucide-react";
import { type KeyboardEvent as ReactKeyboardEvent, memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { JudgmentRow, LedgerSort } from "#app/contract/judgments.ts";
import { clockTime, count, duration } from "../design/format.ts";
import { judgmentsText as text } from "../text/judgments.ts";
import { money } from "./money.ts";
import { isClamped, lastTop, type RankScroll, scrollTopOf, spacerHeight, topOf, topShowing } from "./rank-scroll.ts";
import { VerdictGlyph } from "./verdict-glyph.tsx";

export type LedgerTableProps = {
  readonly total: number;
  /** Undefined while it is being fetched. */
  readonly rowAt: (rank: number) => JudgmentRow | undefined;
  /** Changes when rows came. */
  readonly version: number;
  readonly selected: number | null;
  readonly onSelect: (rank: number) => void;
  readonly onOpen: (rank: number) => void;
  readonly onSight: (firstRank: number, lastRank: number) => void;
  readonly sort: LedgerSort;
  readonly onSort: (by: LedgerSort["by"]) => void;
};

const ROW_REM = 1.75;
const COLUMNS: readonly (LedgerSort["by"] | "disagreement")[] = ["time", "prompt", "author", "verdict", "disagreement", "took", "cost"];

function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export function LedgerTable(props: LedgerTableProps): ReactNode {
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
      aria-label={text.grid}
      aria-rowcount={total + 1}
      aria-colcount={COLUMNS.length}
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
          <HeadRow {...props} />
          <div className="ledger-rows" style={{ height: size.viewHeight }} role="presentation">
            <div style={{ transform: `translateY(${offset}px)` }} role="presentation">
              {Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).map((rank) => (
                <LedgerRow key={rank} rank={rank} row={props.rowAt(rank)} isSelected={rank === selected} onSelect={onSelect} onOpen={onOpen} />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

function HeadRow({ sort, onSort }: LedgerTableProps): ReactNode {
  const Arrow = sort.direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <div className="ledger-row ledger-head" role="row" aria-rowindex={1}>
      {COLUMNS.map((column) => (
        <span key={column} role="columnheader" className={`c-${column}`} aria-sort={column === sort.by ? sort.direction : undefined}>
          {column === "disagreement" ? (
            text.columns[column]
          ) : (
            <button
              type="button"
              title={text.sortBy(text.columns[column])}
              onClick={() => {
                onSort(column);
              }}
            >
              {text.columns[column]}
              {column === sort.by && <Arrow className="icon small" aria-hidden="true" />}
            </button>
          )}
        </span>
      ))}
    </div>
  );
}

type LedgerRowProps = {
  readonly rank: number;
  readonly row: JudgmentRow | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (rank: number) => void;
  readonly onOpen: (rank: number) => void;
};

const LedgerRow = memo(function LedgerRow({ rank, row, isSelected, onSelect, onOpen }: LedgerRowProps): ReactNode {
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
  const isDead = !row.isLive;
  return (
    <div
      className={`ledger-row${isDead ? " dead" : ""}${state}`}
      role="row"
      id={`ledger-${rank}`}
      aria-rowindex={rank + 2}
      aria-selected={isSelected}
      onClick={() => {
        onSelect(rank);
        onOpen(rank);
      }}
    >
      <span role="gridcell" className="c-time" title={new Date(row.madeAtMs).toLocaleString()}>
        {stamp(row.madeAtMs)}
      </span>
      <span role="gridcell" className="c-prompt cut" dir="auto">
        {row.prompt.slice(0, 300)}
      </span>
      <span role="gridcell" className="c-author with-icon">
        <KindIcon kind={row.kind} /> <span className="cut">{row.author}</span>
      </span>
      <span role="gridcell" className="c-verdict with-icon">
        <VerdictGlyph verdict={row.verdict} />
        <span className="cut">
          {row.isRetraction ? text.takenBack : isDead ? `${text.verdict(row.verdict)}, ${text.superseded}` : text.verdict(row.verdict)}
        </span>
      </span>
      <span role="gridcell" className="c-disagreement cut">
        {row.disagreement === null ? "" : text.disagreement[row.disagreement]}
      </span>
      <span role="gridcell" className="c-took">
        {row.durationMs === null ? "" : duration(row.durationMs)}
      </span>
      <span role="gridcell" className="c-cost">
        {row.costUsd === null ? "" : money(row.costUsd)}
      </span>
    </div>
  );
});

/** "14:57:02" today, "24 Nov" before. */
function stamp(atMs: number): string {
  const at = new Date(atMs);
  if (at.toDateString() !== new Date().toDateString()) return at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `${clockTime(atMs)}:${String(at.getSeconds()).padStart(2, "0")}`;
}

const KIND_ICONS = { person: User, judge: Bot, script: ScrollText } as const;

/** People, judges and scripts differ by icon. */
export function KindIcon({ kind }: { readonly kind: JudgmentRow["kind"] }): ReactNode {
  const Icon = KIND_ICONS[kind];
  return (
    <>
      <Icon className="icon small" aria-hidden="true" />
      <span className="unseen">{text.kinds[kind]}</span>
    </>
  );
}
