/** Hands the host to the screens: the experiments of this machine, its files, and which lab the page shows. */
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { createContext, useContext, useSyncExternalStore } from "react";
import type { HostClient } from "#app/contract/host.ts";
import type { ConnectionState, LabConnection } from "./lab-connection.ts";

// The library's own type of these spans the whole contract; it is inferred once, here.
export function createHostQueries(client: HostClient) {
  return createTanstackQueryUtils(client, { path: ["host"] });
}

export type HostAccess = {
  readonly connection: LabConnection<HostClient>;
  readonly queries: ReturnType<typeof createHostQueries>;
  /** Shows the lab of an experiment, beginning at a screen's address. */
  showExperiment(key: string, screen: "/rounds" | "/set-up"): void;
};

const HostContext = createContext<HostAccess | null>(null);

export const HostProvider = HostContext.Provider;

/** Null on a page that was let into one lab only, such as an annotator's. */
export function useHostIfAny(): HostAccess | null {
  return useContext(HostContext);
}

export function useHost(): HostAccess {
  const host = useContext(HostContext);
  if (host === null) throw new Error("internal: useHost needs a page that a host serves");
  return host;
}

export function useHostState(): ConnectionState {
  const { connection } = useHost();
  return useSyncExternalStore(connection.subscribe, connection.state);
}
