/** Pages of the ledger: fetched where the eye is, kept while they may be wanted again. */
import { sentenceOf } from "../lab-client/lab-failure.ts";

export const PAGE_ROWS = 100;
const PAGES_KEPT = 60;
const AT_ONCE = 2;

export type PageRequest = { readonly from: number; readonly count: number; readonly upTo?: number };
export type FetchPage<Row> = (request: PageRequest) => Promise<{ readonly rows: readonly Row[]; readonly total: number; readonly upTo: number }>;

export type LedgerView = {
  readonly total: number | null;
  /** The ledger's size when the view was made: its ranks stay. */
  readonly upTo: number | null;
  readonly problem: string | null;
  /** Changes whenever rows came. */
  readonly version: number;
};

export class LedgerPages<Row> {
  readonly #page: FetchPage<Row>;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #wanted: readonly number[] = [0];
  /** What was wanted when the lab could not answer. */
  #missed: readonly number[] = [];
  #view: LedgerView = { total: null, upTo: null, problem: null, version: 0 };
  #isClosed = true;

  constructor(page: FetchPage<Row>) {
    this.#page = page;
  }

  /** Begins to fetch. */
  open(): void {
    this.#isClosed = false;
    this.#fetchWanted();
  }

  readonly view = (): LedgerView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  row(rank: number): Row | undefined {
    return this.#pages.get(Math.floor(rank / PAGE_ROWS))?.[rank % PAGE_ROWS];
  }

  /** What is looked at now, and a page around it; what was wanted before and has not been asked for is let go. */
  want(firstRank: number, lastRank: number): void {
    const first = Math.max(0, Math.floor(firstRank / PAGE_ROWS));
    const last = Math.floor(lastRank / PAGE_ROWS);
    const inSight = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    this.#wanted = [...inSight, last + 1, first - 1].filter((page) => page >= 0);
    this.#fetchWanted();
  }

  /** Reads the rows again that are there: something about them may have changed. */
  refresh(): void {
    this.#pages.clear();
    this.#fetchWanted();
  }

  /** Asks once more for what could not be read; nothing where all could. */
  again(): void {
    if (this.#view.problem === null) return;
    this.#wanted = this.#missed;
    this.#become({ ...this.#view, problem: null });
    this.#fetchWanted();
  }

  close(): void {
    this.#isClosed = true;
  }

  #fetchWanted(): void {
    for (const page of this.#wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      const isBeyond = this.#view.total !== null && page * PAGE_ROWS >= this.#view.total;
      if (!isBeyond && !this.#pages.has(page) && !this.#asked.has(page)) void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    this.#asked.add(page);
    try {
      const { upTo } = this.#view;
      const reply = await this.#page({
        from: page * PAGE_ROWS,
        count: PAGE_ROWS,
        ...(upTo === null ? {} : { upTo }),
      });
      this.#pages.delete(page);
      this.#pages.set(page, reply.rows);
      for (const old of [...this.#pages.keys()].slice(0, -PAGES_KEPT)) this.#pages.delete(old);
      this.#become({ total: reply.total, upTo: upTo ?? reply.upTo, problem: null, version: this.#view.version + 1 });
    } catch (thrown) {
      if (this.#wanted.length > 0) this.#missed = this.#wanted;
      this.#wanted = [];
      this.#become({ ...this.#view, problem: sentenceOf(thrown) });
    } finally {
      this.#asked.delete(page);
    }
    if (!this.#isClosed) this.#fetchWanted();
  }

  #become(view: LedgerView): void {
    if (this.#isClosed) return;
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }
}
