/** The judgments that are shown, as a CSV file: read page by page under the same filter and order, so that any number can be taken along. */
import type { JudgmentRow } from "#app/contract/judgments.ts";
import { type Cell, toCsv } from "#app/contract/result-tables.ts";
import type { FetchPage } from "./ledger-pages.ts";

const COLUMNS = [
  "number",
  "time",
  "round",
  "purpose",
  "author",
  "kind",
  "oracle",
  "criterion",
  "verdict",
  "strength",
  "duration_ms",
  "cost_usd",
  "in_force",
  "taken_back",
  "disagreement",
  "prompt",
  "judgment_id",
  "ask_id",
] as const;

const ROWS_A_CALL = 500;

export type LedgerExport = {
  readonly fetchPage: FetchPage<JudgmentRow>;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
};

/** The parts of the file, the head first. Rejects with the signal's reason once it is aborted. Judgments that come meanwhile are not in it. */
export async function ledgerCsv({ fetchPage, signal, onProgress }: LedgerExport): Promise<string[]> {
  const parts = [toCsv({ columns: COLUMNS, rows: [] })];
  let upTo: number | undefined;
  for (let from = 0; ; from += ROWS_A_CALL) {
    signal.throwIfAborted();
    const page = await fetchPage({ from, count: ROWS_A_CALL, ...(upTo === undefined ? {} : { upTo }) });
    upTo ??= page.upTo;
    parts.push(rowsAsCsv(page.rows));
    const done = from + page.rows.length;
    onProgress(done, page.total);
    if (page.rows.length === 0 || done >= page.total) return parts;
  }
}

function rowsAsCsv(rows: readonly JudgmentRow[]): string {
  const whole = toCsv({ columns: [], rows: rows.map(cellsOf) });
  // Without the line of its empty head.
  return whole.slice(whole.indexOf("\r\n") + 2);
}

function cellsOf(row: JudgmentRow): Cell[] {
  const { verdict } = row;
  return [
    row.number,
    new Date(row.madeAtMs).toISOString(),
    row.round,
    row.purpose,
    row.author,
    row.kind,
    row.oracle,
    row.criterion,
    verdict.kind === "prefers" ? verdict.winner : verdict.kind,
    verdict.kind === "prefers" ? verdict.strength : null,
    row.durationMs,
    row.costUsd,
    row.isLive ? 1 : 0,
    row.isRetraction ? 1 : 0,
    row.disagreement,
    row.prompt,
    row.id,
    row.askId,
  ];
}
