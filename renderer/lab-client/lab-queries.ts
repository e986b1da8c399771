/** The lab's methods as queries and mutations of TanStack Query. */
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { QueryClient } from "@tanstack/react-query";
import type { LabClient } from "#app/contract/contract.ts";

// The library's own type of these spans the whole contract; it is inferred once, here.
export function createLabQueries(client: LabClient) {
  return createTanstackQueryUtils(client);
}

export type LabQueries = ReturnType<typeof createLabQueries>;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The lab says when something changes, and a new connection reads all again.
        staleTime: Infinity,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The lab is on this machine: whether there is an internet does not matter.
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
