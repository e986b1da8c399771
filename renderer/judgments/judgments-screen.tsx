/** Judgments: the ledger of people, judges and scripts, one of them opened beside it, disputes at hand. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type { JudgmentRow, LedgerFilter, LedgerSort } from "#app/contract/judgments.ts";
import { useAuthor } from "../annotate/preferences.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { count } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { judgmentsText as text } from "../text/judgments.ts";
import { Correction, type Done } from "./correction.tsx";
import { ExportButton, type ExportHandle } from "./export-button.tsx";
import { Inspector } from "./inspector.tsx";
import { InspectorPending } from "./inspector-pending.tsx";
import { filterOf, type JudgmentsSearch } from "./judgments-search.ts";
import { LedgerFilters, NO_FACETS } from "./ledger-filters.tsx";
import type { PageRequest } from "./ledger-pages.ts";
import { LedgerSwitch } from "./ledger-switch.tsx";
import { LedgerTable } from "./ledger-table.tsx";
import { DoneNote } from "./done-note.tsx";
import { useLedgerCommands } from "./use-ledger-commands.ts";
import { useLedgerKeys } from "./use-ledger-keys.ts";
import { useRankPages } from "./use-rank-pages.ts";
import "../annotate/reading.css";
import "./judgments.css";

const NEWEST_FIRST: LedgerSort = { by: "time", direction: "descending" };

export type JudgmentsScreenProps = {
  readonly search: JudgmentsSearch;
  readonly onOpen: (id: string | undefined) => void;
};

export function JudgmentsScreen({ search, onOpen }: JudgmentsScreenProps): ReactNode {
  const openId = search.open;
  const { queries, connection, news } = useLab();
  const queryClient = useQueryClient();
  const [author] = useAuthor();
  const [filter, setFilter] = useState<LedgerFilter>(() => filterOf(search));
  const [sort, setSort] = useState<LedgerSort>(NEWEST_FIRST);
  const [generation, setGeneration] = useState(0);
  const [selected, setSelected] = useState<number | null>(null);
  const [said, setSaid] = useState<Done | null>(null);
  const opensFirst = useRef(false);
  const exportRef = useRef<ExportHandle>(null);
  const searchRef = useRef<HTMLInputElement>(null);
  const facets = useQuery(queries.judgments.facets.queryOptions());
  const { client } = connection;
  // The client makes a method anew at every look: only the client itself stays the same.
  const fetchPage = useCallback(async (request: PageRequest) => await client.judgments.page({ filter, sort, ...request }), [client, filter, sort]);
  // The first judgments of an empty ledger are shown as they come; later ones wait until they are asked for.
  const { pages, shown, view, isStale } = useRankPages(fetchPage, 2 * generation + (facets.data?.total === 0 ? 1 : 0));
  const detail = useQuery({ ...queries.judgments.open.queryOptions({ input: { id: openId ?? "none" } }), enabled: openId !== undefined });

  // Verdicts come while one reads: the figures follow, the ranks stay until they are asked for anew. A lab that answers again is asked again.
  useEffect(
    () =>
      news.onQueueChanged(() => {
        pages.again();
      }),
    [news, pages],
  );
  const openRank = useCallback(
    (rank: number) => {
      const row = shown.row(rank);
      setSelected(rank);
      setSaid(null);
      if (row !== undefined) onOpen(row.id);
    },
    [shown, onOpen],
  );
  const onSight = useCallback(
    (first: number, last: number) => {
      pages.want(first, last);
    },
    [pages],
  );
  const step = useCallback(
    (direction: 1 | -1) => {
      const next = (selected ?? -1) + direction;
      if (view.total !== null && next >= 0 && next < view.total) openRank(next);
    },
    [selected, view.total, openRank],
  );
  const chooseFilter = useCallback((next: LedgerFilter) => {
    setFilter(next);
    setSelected(null);
  }, []);
  const stepDispute = (direction: 1 | -1): void => {
    if (filter.isDisputed === true) {
      step(direction);
      return;
    }
    chooseFilter({ isDisputed: true });
    opensFirst.current = true;
  };
  useLedgerKeys({
    search: () => searchRef.current?.focus(),
    nextDispute: () => {
      stepDispute(1);
    },
    previousDispute: () => {
      stepDispute(-1);
    },
    exportLedger: () => exportRef.current?.start(),
    close: () => {
      onOpen(undefined);
    },
  });
  // The first of the disputes is opened as soon as it is there.
  useEffect(() => {
    if (!opensFirst.current || filter.isDisputed !== true || isStale || shown.row(0) === undefined) return;
    opensFirst.current = false;
    openRank(0);
  }, [filter, shown, isStale, view.version, openRank]);

  const refresh = (): void => {
    pages.refresh();
    void queryClient.invalidateQueries({ queryKey: queries.judgments.key() });
  };
  const total = facets.data?.total ?? 0;
  const newer = view.upTo === null ? 0 : total - view.upTo;
  const isFiltered = Object.keys(filter).length > 0;
  const clearFilters = (): void => {
    chooseFilter({});
    setGeneration((now) => now + 1);
  };
  const showNewer = (): void => {
    setGeneration((now) => now + 1);
  };
  useLedgerCommands({ isFiltered, newer, disputed: facets.data?.disputed ?? 0, clearFilters, showNewer });
  return (
    <main className={openId === undefined ? "main judgments" : "main judgments with-inspector"}>
      <header className="top">
        <h1>{text.title}</h1>
        {facets.data !== undefined && <span className="crumb">{text.crumb(count(total), facets.data.rounds.length)}</span>}
        <span className="grow" />
        <LedgerSwitch isLists={false} />
        <ExportButton
          fetchPage={fetchPage}
          fileName="judgments.csv"
          why={isStale || view.total === null ? text.export.whileRead : view.total === 0 && text.export.nothing}
          handle={exportRef}
        />
        {facets.data !== undefined && facets.data.disputed > 0 && (
          <Link className="btn" to="/annotate" search={{ queue: "disputes" }}>
            {text.work(facets.data.disputed)}
          </Link>
        )}
      </header>
      <div className="judgments-body">
        <section className="ledger-part">
          <LedgerFilters filter={filter} facets={facets.data ?? NO_FACETS} onFilter={chooseFilter} searchRef={searchRef} />
          <LedgerBody
            problem={view.problem ?? facets.error}
            onAgain={() => {
              pages.again();
              if (facets.error !== null) void facets.refetch();
            }}
            total={view.total}
            isFiltered={isFiltered}
            ledgerSize={total}
            lists={facets.data?.lists ?? 0}
            onClear={clearFilters}
          >
            <LedgerTable
              total={view.total ?? 0}
              rowAt={(rank): JudgmentRow | undefined => shown.row(rank)}
              version={view.version}
              selected={selected}
              onSelect={setSelected}
              onOpen={openRank}
              onSight={onSight}
              sort={sort}
              onSort={(by) => {
                setSelected(null);
                setSort((old) => ({ by, direction: old.by === by && old.direction === "descending" ? "ascending" : "descending" }));
              }}
            />
          </LedgerBody>
          <footer className="ledger-foot small-text ink-2">
            <span role="status">{isStale ? text.reading(total) : view.total === null ? "" : text.foot.count(view.total, view.upTo ?? total)}</span>
            {newer > 0 && (
              <button type="button" className="btn quiet" onClick={showNewer}>
                {text.foot.newer(count(newer))}
              </button>
            )}
            <span className="grow" />
            <span className="row keys-hint">
              <KeyCap keys={["up"]} />
              <KeyCap keys={["down"]} /> {text.foot.move} <KeyCap keys={["Enter"]} /> {text.foot.open}
            </span>
          </footer>
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
            <Inspector
              detail={detail.data}
              place={selected === null || view.total === null ? "" : text.inspector.place(count(selected + 1), count(view.total))}
              onStep={step}
              onClose={() => {
                onOpen(undefined);
              }}
            >
              {said !== null && (
                <DoneNote
                  key={said.sentence}
                  done={said}
                  onDone={(done) => {
                    setSaid(done);
                    refresh();
                  }}
                />
              )}
              <Correction
                key={detail.data.id}
                detail={detail.data}
                author={author}
                onDone={(done) => {
                  setSaid(done);
                  refresh();
                }}
              />
            </Inspector>
          ))}
      </div>
    </main>
  );
}

type BodyProps = {
  readonly problem: unknown;
  readonly onAgain: () => void;
  readonly total: number | null;
  readonly isFiltered: boolean;
  readonly ledgerSize: number;
  readonly lists: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
};

function LedgerBody({ problem, onAgain, total, isFiltered, ledgerSize, lists, onClear, children }: BodyProps): ReactNode {
  if (problem !== null) {
    return (
      <div className="content">
        <Failed error={problem} onAgain={onAgain} />
      </div>
    );
  }
  if (total === null) return <div className="content">{<Loading>{ledgerSize === 0 ? text.asking : text.reading(ledgerSize)}</Loading>}</div>;
  if (total > 0) return children;
  return (
    <div className="content">
      <EmptyState
        title={isFiltered ? text.empty.none : text.empty.title}
        action={
          isFiltered ? (
            <button type="button" className="btn" onClick={onClear}>
              {text.empty.clear}
            </button>
          ) : lists > 0 ? (
            <Link className="btn" to="/judgments" search={{ lists: true }}>
              {text.empty.toLists}
            </Link>
          ) : (
            <Link className="btn" to="/rounds">
              {text.empty.toRounds}
            </Link>
          )
        }
      >
        <p>{isFiltered ? text.empty.noneSentence : lists > 0 ? text.empty.hasLists(count(lists)) : text.empty.sentence}</p>
      </EmptyState>
    </div>
  );
}
