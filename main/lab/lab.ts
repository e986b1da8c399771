/** The lab as its hosts hold it: a router for connections, an in-process client, and an end. */
import type { Role } from "#app/contract/base.ts";
import type { LabClient } from "#app/contract/contract.ts";
import type { Router } from "@orpc/server";
import type { contract } from "#app/contract/contract.ts";
import type { ProcessHost, SecretStore } from "#app/rounds/ports.ts";
import type { CallContext } from "./roles.ts";

export type LabRouter = Router<typeof contract, CallContext>;

export type Lab = {
  readonly router: LabRouter;
  /** The same contract without a wire, for the command line's own lab and for tests. */
  client(role: Role): LabClient;
  /** Pauses what runs at its next unit of work, ends the engine and closes the database. */
  close(): Promise<void>;
};

export type OpenLabOptions = {
  readonly folder: string;
  readonly processHost: ProcessHost;
  readonly host: "cli" | "http" | "electron";
  /** Converted checkpoints, shared by all experiments. */
  readonly cacheDir: string;
  /** The process whose lock on the folder was taken over because it is gone. */
  readonly takenOverFrom: number | null;
  /** The file that the engine process runs; the lab's own without it. */
  readonly engineEntry?: string;
  /** Where keys of endpoints are kept. */
  readonly secrets: SecretStore;
  /** True forbids every outgoing connection, whatever the experiment's own switch says. */
  readonly isOffline?: boolean;
};

/** Opens the lab of a folder that this process owns; a folder without an experiment gets its database. */
export type OpenLab = (options: OpenLabOptions) => Promise<Lab>;
