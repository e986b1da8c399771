/** Opens the lab of a folder: store, drivers and use cases put together, and taken apart again in reverse. */
import { hostname } from "node:os";
import { createRouterClient } from "@orpc/server";
import type { Role } from "#app/contract/base.ts";
import type { DataFiles } from "#app/rounds/data-ports.ts";
import type { ArtefactStore, ChatEndpoints, ModelHub, OracleMaker } from "#app/rounds/ports.ts";
import { localDevice } from "#main/store/queries/authors.ts";
import { interruptOpenImport } from "#main/store/queries/imports.ts";
import { pauseInterrupted } from "#main/store/queries/rounds.ts";
import { openStore, type Store } from "#main/store/store.ts";
import type { Engine, LabContext } from "./context.ts";
import { createEventBus } from "./events.ts";
import { createCommitTogether } from "./group-commit.ts";
import { createNetwork } from "./network.ts";
import type { Lab, OpenLabOptions } from "./lab.ts";
import { createCheckpointShelf } from "./policies/checkpoint-shelf.ts";
import { createRouter } from "./router.ts";
import { createRateMemory } from "./rounds/rate-memory.ts";
import { createRunner } from "./rounds/runner.ts";
import { createIdMaker, systemClock } from "./system.ts";
import { readVersion } from "./version.ts";

/** What a lab works with; the engine finds adapters and training checkpoints among `artefacts`. */
export type Drivers = {
  makeEngine(artefacts: ArtefactStore): Engine;
  readonly oracles: OracleMaker;
  readonly dataFiles: DataFiles;
  /** Everything that it sends goes out by this fetch. */
  makeChat(fetchOut: typeof fetch): ChatEndpoints;
  /** As `makeChat`. */
  makeHub(fetchOut: typeof fetch): ModelHub;
};

export async function openLabWith(options: OpenLabOptions, drivers: Drivers): Promise<Lab> {
  const store = await openStore(options.folder, systemClock);
  try {
    return assemble(options, store, drivers.makeEngine(store.artefacts), drivers);
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

function assemble(options: OpenLabOptions, store: Store, engine: Engine, drivers: Drivers): Lab {
  const clock = systemClock;
  const ids = createIdMaker(clock);
  const events = createEventBus();
  const closing = new AbortController();
  const network = createNetwork(store.db, options.isOffline === true);
  // What a lab that is gone left running is paused before anybody can look at it.
  if (store.newer === null) {
    pauseInterrupted(store.db, clock.nowMs());
    interruptOpenImport(store.db, clock.nowMs());
  }
  const lab: LabContext = {
    folder: options.folder,
    store,
    engine,
    checkpoints: createCheckpointShelf({
      folder: options.folder,
      db: store.db,
      engine,
      artefacts: store.artefacts,
      tell: (progress) => {
        events.publish({ type: "policy.progressed", ...progress });
      },
    }),
    oracles: drivers.oracles,
    dataFiles: drivers.dataFiles,
    commitTogether: createCommitTogether(store.db),
    chat: drivers.makeChat(network.fetch),
    hub: drivers.makeHub(network.fetch),
    secrets: options.secrets,
    network,
    clock,
    ids,
    deviceId: localDevice(store.db, ids, hostname()),
    events,
    rates: createRateMemory(),
    closing: closing.signal,
  };
  const runner = createRunner(lab);
  const router = createRouter(lab, runner, {
    version: readVersion(),
    host: options.host,
    startedAtMs: clock.nowMs(),
    takenOverFrom: options.takenOverFrom,
  });
  const close = async (): Promise<void> => {
    closing.abort();
    await runner.pause();
    events.close();
    await engine.close();
    store.close();
  };
  let closed: Promise<void> | undefined;
  return {
    router,
    client: (role: Role) => createRouterClient(router, { context: { role } }),
    close: () => (closed ??= close()),
  };
}
