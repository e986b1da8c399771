/** Pages of a table of very many rows, for as long as it is shown. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type FetchPage, LedgerPages, type LedgerView } from "./ledger-pages.ts";

export type RankPages<Row> = {
  /** What is asked for now. */
  readonly pages: LedgerPages<Row>;
  /** What can be seen: the look before, until the first page of the next has come. */
  readonly shown: LedgerPages<Row>;
  readonly view: LedgerView;
  /** Another look has been asked for, and what is seen is still the one before. */
  readonly isStale: boolean;
};

/** Another way to fetch, or another generation, is another look. */
export function useRankPages<Row>(fetchPage: FetchPage<Row>, generation: number): RankPages<Row> {
  const pages = useMemo(() => ({ generation, of: new LedgerPages(fetchPage) }), [fetchPage, generation]).of;
  useEffect(() => {
    pages.open();
    return () => {
      pages.close();
    };
  }, [pages]);
  const newest = useSyncExternalStore(pages.subscribe, pages.view);
  const [settled, setSettled] = useState(pages);
  const isSettled = newest.total !== null || newest.problem !== null;
  if (isSettled && settled !== pages) setSettled(pages);
  const shown = isSettled ? pages : settled;
  return { pages, shown, view: shown.view(), isStale: shown !== pages };
}
