/** The lab's way out: one fetch for all of it, closed by the offline switch before a name is looked up or a socket opened. */
import { ConflictError } from "#app/base/errors.ts";
import { isLoopback } from "#app/domain/endpoint.ts";
import { hostWords } from "#app/text/host.ts";
import type { WritableDb } from "#main/store/database.ts";
import { getSetting, setSetting } from "#main/store/queries/settings.ts";

export type Network = {
  isOffline(): boolean;
  /** True where the host of the lab forbids connections, which the switch cannot change. */
  readonly isForced: boolean;
  setOffline(isOffline: boolean): void;
  /** Throws ConflictError if the switch is on and the address is not this machine's. */
  requireReachable(url: string): void;
  /** As the platform's, behind `requireReachable`. While the lab is offline no redirect is followed, as it might lead out. */
  readonly fetch: typeof fetch;
};

const OFFLINE = "network.offline";

export function createNetwork(db: WritableDb, isForced: boolean): Network {
  const isOffline = (): boolean => isForced || getSetting(db, OFFLINE) === "1";
  const requireReachable = (url: string): void => {
    // Any address, with a query too, where endpoints have base addresses only.
    const { host } = new URL(url);
    if (!isOffline() || isLoopback(host)) return;
    throw new ConflictError(hostWords.offline(host, isForced), {
      host,
    });
  };
  return {
    isForced,
    isOffline,
    setOffline: (wanted) => {
      setSetting(db, OFFLINE, wanted ? "1" : "0");
    },
    requireReachable,
    fetch: async (input, init) => {
      const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
      requireReachable(url);
      return await fetch(input, isOffline() && init?.redirect !== "manual" ? { ...init, redirect: "error" } : init);
    },
  };
}
