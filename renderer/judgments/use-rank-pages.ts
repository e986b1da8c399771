/** Pages of a table of very many rows, for as long as it is shown. */
import { useEffect, useMemo } from "react";
import { type FetchPage, LedgerPages } from "./ledger-pages.ts";

/** Another way to fetch, or another generation, is another look: it begins with nothing. */
export function useRankPages<Row>(fetchPage: FetchPage<Row>, generation: number): LedgerPages<Row> {
  const pages = useMemo(() => ({ generation, of: new LedgerPages(fetchPage) }), [fetchPage, generation]).of;
  useEffect(() => {
    pages.open();
    return () => {
      pages.close();
    };
  }, [pages]);
  return pages;
}
