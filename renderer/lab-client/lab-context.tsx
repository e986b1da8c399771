/** Hands the connection to the lab, its methods and its news to the screens. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { ConnectionState, LabConnection } from "./lab-connection.ts";
import type { News } from "./apply-event.ts";
import type { LabNews } from "./follow-events.ts";
import type { LabQueries } from "./lab-queries.ts";

export type LabAccess = {
  readonly connection: LabConnection;
  readonly queries: LabQueries;
  readonly news: LabNews;
};

const LabContext = createContext<LabAccess | null>(null);

export const LabProvider = LabContext.Provider;

export function useLab(): LabAccess {
  const lab = useContext(LabContext);
  if (lab === null) throw new Error("internal: useLab needs a LabProvider above it");
  return lab;
}

export function useConnectionState(): ConnectionState {
  const { connection } = useLab();
  return useSyncExternalStore(connection.subscribe, connection.state);
}

export function useNews(): News {
  const { news } = useLab();
  return useSyncExternalStore(news.subscribe, news.news);
}
