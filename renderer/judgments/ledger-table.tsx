/** The judgments on screen: a row each, to be sorted by most of its columns. */
import { ArrowDown, ArrowUp, Bot, ScrollText, User } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { JudgmentRow, LedgerSort } from "#app/contract/judgments.ts";
import { beginningOf } from "../annotate/plain-text.ts";
import { clockTime, dayOf, momentOf } from "#app/text/language.ts";
import { duration } from "../design/format.ts";
import { judgmentsText as text } from "../text/judgments.ts";
import { money } from "./money.ts";
import { RankTable, type RankTableProps } from "./rank-table.tsx";
import { VerdictGlyph } from "./verdict-glyph.tsx";

export type LedgerTableProps = Omit<RankTableProps<JudgmentRow>, "label" | "columnCount" | "head" | "cells" | "look"> & {
  readonly sort: LedgerSort;
  readonly onSort: (by: LedgerSort["by"]) => void;
};

/** So many characters of a prompt fit a row at most. */
const GLIMPSE = 300;
const COLUMNS: readonly (LedgerSort["by"] | "disagreement")[] = ["time", "prompt", "author", "verdict", "disagreement", "took", "cost"];

export function LedgerTable({ sort, onSort, ...props }: LedgerTableProps): ReactNode {
  return (
    <RankTable
      {...props}
      label={text.grid}
      columnCount={COLUMNS.length}
      head={<HeadRow sort={sort} onSort={onSort} />}
      cells={(row) => <LedgerCells row={row} />}
      look={(row) => (row.isLive ? "" : " dead")}
    />
  );
}

function HeadRow({ sort, onSort }: Pick<LedgerTableProps, "sort" | "onSort">): ReactNode {
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

const LedgerCells = memo(function LedgerCells({ row }: { readonly row: JudgmentRow }): ReactNode {
  const isDead = !row.isLive;
  return (
    <>
      <span role="gridcell" className="c-time" title={momentOf(row.madeAtMs)}>
        {stamp(row.madeAtMs)}
      </span>
      <span role="gridcell" className="c-prompt cut" dir="auto">
        {beginningOf(row.prompt, GLIMPSE)}
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
    </>
  );
});

/** "14:57:02" today, "24 Nov" before. */
export function stamp(atMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date().toDateString();
  return isToday ? clockTime(atMs, "seconds") : dayOf(atMs, "day");
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
