/** Lists of responses that an oracle scored together: the ledger beside that of judgments, one of them opened with its scores. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { ScoredList } from "#app/contract/asks.ts";
import { beginningOf } from "../annotate/plain-text.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { duration } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { judgmentsText as text } from "../text/judgments.ts";
import { InspectorPending } from "./inspector-pending.tsx";
import type { PageRequest } from "./ledger-pages.ts";
import { stamp } from "./ledger-table.tsx";
import { LedgerSwitch } from "./ledger-switch.tsx";
import { ListInspector } from "./list-inspector.tsx";
import { money } from "./money.ts";
import { RankTable } from "./rank-table.tsx";
import { useRankPages } from "./use-rank-pages.ts";
import "../annotate/reading.css";
import "./judgments.css";

export type ListsScreenProps = {
  /** The id of the ask that is open. */
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
};

export function ListsScreen({ openId, onOpen }: ListsScreenProps): ReactNode {
  const { queries, connection, news } = useLab();
  const [selected, setSelected] = useState<number | null>(null);
  const { client } = connection;
  const fetchPage = useCallback(
    async ({ from, count: rows }: PageRequest) => {
      const page = await client.judgments.lists({ from, count: rows });
      return { ...page, upTo: page.total };
    },
    [client],
  );
  const { pages, view } = useRankPages(fetchPage, 0);
  useEffect(
    () =>
      news.onQueueChanged(() => {
        pages.again();
      }),
    [news, pages],
  );
  const detail = useQuery({ ...queries.judgments.ask.queryOptions({ input: { askId: openId ?? "none" } }), enabled: openId !== undefined });
  const openRank = (rank: number): void => {
    setSelected(rank);
    const row = pages.row(rank);
    if (row !== undefined) onOpen(row.askId);
  };
  return (
    <main className={openId === undefined ? "main judgments" : "main judgments with-inspector"}>
      <header className="top">
        <h1>{text.title}</h1>
        {view.total !== null && <span className="crumb">{text.lists.crumb(view.total)}</span>}
        <span className="grow" />
        <LedgerSwitch isLists />
      </header>
      <div className="judgments-body">
        <section className="ledger-part lists">
          {view.problem !== null ? (
            <div className="content">
              <Failed
                error={view.problem}
                onAgain={() => {
                  pages.again();
                }}
              />
            </div>
          ) : view.total === null ? (
            <div className="content">
              <Loading>{text.asking}</Loading>
            </div>
          ) : view.total === 0 ? (
            <div className="content">
              <EmptyState
                title={text.lists.none}
                action={
                  <Link className="btn" to="/judgments" search={{}}>
                    {text.empty.toJudgments}
                  </Link>
                }
              >
                <p>{text.lists.noneSentence}</p>
              </EmptyState>
            </div>
          ) : (
            <RankTable
              label={text.lists.grid}
              columnCount={6}
              total={view.total}
              rowAt={(rank) => pages.row(rank)}
              version={view.version}
              selected={selected}
              onSelect={setSelected}
              onOpen={openRank}
              onSight={(first, last) => {
                pages.want(first, last);
              }}
              head={<ListHead />}
              cells={(row) => <ListCells row={row} />}
            />
          )}
        </section>
        {openId !== undefined &&
          (detail.data === undefined ? (
            <InspectorPending
              reading={detail}
              onClose={() => {
                onOpen(undefined);
              }}
            />
          ) : (
            <ListInspector
              detail={detail.data}
              onClose={() => {
                onOpen(undefined);
              }}
            />
          ))}
      </div>
    </main>
  );
}

/** So many characters of a prompt fit a row at most. */
const GLIMPSE = 300;
const COLUMNS = ["time", "prompt", "author", "scores", "took", "cost"] as const;

function ListHead(): ReactNode {
  return (
    <div className="ledger-row ledger-head" role="row" aria-rowindex={1}>
      {COLUMNS.map((column) => (
        <span key={column} role="columnheader" className={`c-${column}`}>
          {column === "scores" ? text.lists.scores : text.columns[column]}
        </span>
      ))}
    </div>
  );
}

function ListCells({ row }: { readonly row: ScoredList }): ReactNode {
  return (
    <>
      <span role="gridcell" className="c-time">
        {row.askedAtMs === null ? "" : stamp(row.askedAtMs)}
      </span>
      <span role="gridcell" className="c-prompt cut" dir="auto">
        {beginningOf(row.prompt, GLIMPSE)}
      </span>
      <span role="gridcell" className="c-author cut">
        {row.oracle}
      </span>
      <span role="gridcell" className="c-scores cut figures">
        {row.outcome === "failed" ? text.lists.failed : row.scores.join("  ")}
      </span>
      <span role="gridcell" className="c-took">
        {row.durationMs === null ? "" : duration(row.durationMs)}
      </span>
      <span role="gridcell" className="c-cost">
        {row.costUsd === null ? "" : money(row.costUsd)}
      </span>
    </>
  );
}
