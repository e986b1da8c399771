/** A process that owns a folder's lab and runs its rounds to the end: what the kill tests kill. Tells its parent the engine's pid. */
import { ownFolder } from "#main/host/folder-lock.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openLab } from "#main/lab/compose.ts";
import type { ProcessHost } from "#app/rounds/ports.ts";
import { memorySecrets } from "./memory-secrets.ts";

export type ChildMessage =
  { readonly kind: "engine"; readonly pid: number } | { readonly kind: "settled"; readonly state: string; readonly error: string | null };

const [folder, cacheDir, roundCount] = process.argv.slice(2);
if (folder === undefined || cacheDir === undefined) throw new Error("expected a folder and a cache folder");

const tell = (message: ChildMessage): void => {
  process.send?.(message);
};

const forkHost = createForkHost();
const processHost: ProcessHost = {
  start: (entry, onExit) => {
    const handle = forkHost.start(entry, onExit);
    if (handle.pid !== undefined) tell({ kind: "engine", pid: handle.pid });
    return handle;
  },
};

const owned = await ownFolder(folder);
if (owned.kind !== "owned") throw new Error(`expected to own ${folder}, another process does`);
const lab = await openLab({ folder, processHost, host: "cli", cacheDir, takenOverFrom: owned.takenOverFrom, secrets: memorySecrets() });
const client = lab.client("owner");
const last = (await client.rounds.list()).at(-1);
if (last === undefined) await client.rounds.start({ rounds: Number(roundCount ?? 1) });
else if (!last.isDone || (await client.rounds.series()) !== null) await client.rounds.resume();
const { state, error } = await client.rounds.settle();
await lab.close();
await owned.release();
tell({ kind: "settled", state, error });
process.disconnect();
