/** A process that owns a folder's lab, with the fake engine, and lets its judge stage run to the end: what the kill tests of judges kill. */
import { join } from "node:path";
import { createForkHost } from "#main/host/process-host.ts";
import { ownFolder } from "#main/host/folder-lock.ts";
import { openLabWith } from "#main/lab/open-lab.ts";
import { fakeDrivers } from "./fake-engine.ts";
import { memorySecrets } from "./memory-secrets.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("expected a folder");

const owned = await ownFolder(folder);
if (owned.kind !== "owned") throw new Error(`expected to own ${folder}, another process does`);
const lab = await openLabWith(
  {
    folder,
    processHost: createForkHost(),
    host: "cli",
    cacheDir: join(folder, "cache"),
    takenOverFrom: owned.takenOverFrom,
    secrets: memorySecrets(),
  },
  fakeDrivers(),
);
const client = lab.client("owner");
await client.rounds.start({ until: "judge" });
const settled = await client.rounds.settle();
await lab.close();
await owned.release();
process.send?.(settled);
process.disconnect();
