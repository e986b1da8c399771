/** The lab as its hosts hold it: a router for connections, an in-process client, and an end. */
import type { Role } from "#app/contract/base.ts";
import type { LabClient } from "#app/contract/contract.ts";
import type { Router } from "@orpc/server";
import type { contract } from "#app/contract/contract.ts";
import type { CallContext } from "./roles.ts";

export type LabRouter = Router<typeof contract, CallContext>;

export type Lab = {
  readonly router: LabRouter;
  /** The same contract without a wire, for the command line's own lab and for tests. */
  client(role: Role): LabClient;
  /** Pauses what runs at its next unit of work, ends the engine and closes the database. */
  close(): Promise<void>;
};
