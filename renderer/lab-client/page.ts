/** What the page is connected to: a host, if one serves it, and the lab that is shown now. */
import type { QueryClient } from "@tanstack/react-query";
import type { HostClient } from "#app/contract/host.ts";
import { LabNews } from "./follow-events.ts";
import { createHostQueries, type HostAccess } from "./host-context.tsx";
import { LabConnection } from "./lab-connection.ts";
import type { LabAccess } from "./lab-context.tsx";
import { createLabQueries, createQueryClient } from "./lab-queries.ts";
import type { Dial, Refusal } from "./wire.ts";

export type LabSession = { readonly key: string; readonly lab: LabAccess; readonly queryClient: QueryClient };

export type PageState =
  /** The host has not said yet which experiment is to be shown. */
  | { readonly kind: "starting" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** No experiment is open: the list, or the first run. */
  | { readonly kind: "start"; readonly queryClient: QueryClient }
  | { readonly kind: "lab"; readonly session: LabSession };

export type PageOptions = {
  /** Undefined on a page that was let into one lab only. */
  readonly dialHost: Dial | undefined;
  /** The only lab without a key. */
  readonly dialLab: (key: string | undefined) => Dial;
  readonly nowMs: () => number;
  /** For this tab: which experiment it showed last. */
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  readonly goTo: (screen: string) => void;
};

const STORAGE_KEY = "nashlab.experiment";

export class LabPage {
  readonly host: HostAccess | null;
  readonly #options: PageOptions;
  readonly #listeners = new Set<() => void>();
  #state: PageState = { kind: "starting" };

  constructor(options: PageOptions) {
    this.#options = options;
    this.host = options.dialHost === undefined ? null : this.#connectHost(options.dialHost);
    if (this.host === null) this.#show(undefined);
    else void this.#showFirst(this.host.connection);
  }

  readonly state = (): PageState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #connectHost(dial: Dial): HostAccess {
    const connection = new LabConnection<HostClient>({ dial, nowMs: this.#options.nowMs });
    connection.subscribe(() => {
      const state = connection.state();
      if (state.kind === "refused") this.#become({ kind: "refused", refusal: state.refusal });
    });
    return {
      connection,
      queries: createHostQueries(connection.client),
      showExperiment: (key, screen) => {
        this.#options.goTo(screen);
        this.#show(key);
      },
    };
  }

  /** The experiment that this tab showed, if the host still knows it; else the one that the host was started with. */
  async #showFirst(connection: LabConnection<HostClient>): Promise<void> {
    const kept = this.#options.storage.getItem(STORAGE_KEY);
    for (;;) {
      try {
        const { experiment } = await connection.client.about(kept === null ? {} : { key: kept });
        if (this.#state.kind !== "starting") return;
        if (experiment === null) this.#become({ kind: "start", queryClient: createQueryClient() });
        else this.#show(experiment.key);
        return;
      } catch {
        // The connection went before it answered; it says itself how it stands, and is dialled again.
        if (this.#state.kind !== "starting") return;
        await new Promise<void>((resolve) => {
          const stop = connection.subscribe(() => {
            stop();
            resolve();
          });
        });
      }
    }
  }

  #show(key: string | undefined): void {
    if (this.#state.kind === "lab") {
      const { lab } = this.#state.session;
      if (this.#state.session.key === key) return;
      // Its news ends with it: an abort would still be sent, over a connection that is closed.
      lab.connection.close();
    }
    if (key !== undefined) this.#options.storage.setItem(STORAGE_KEY, key);
    const connection = new LabConnection({ dial: this.#options.dialLab(key), nowMs: this.#options.nowMs });
    const queries = createLabQueries(connection.client);
    const queryClient = createQueryClient();
    const news = new LabNews(connection, queryClient, queries);
    this.#become({ kind: "lab", session: { key: key ?? "", lab: { connection, queries, news }, queryClient } });
  }

  #become(state: PageState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
