/** The experiments that were opened on this machine, newest first: a small file of the user's own. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { UserFolders } from "./user-folders.ts";

const recentSchema = z.object({ folder: z.string().min(1), openedAtMs: z.number() });
export type Recent = Readonly<z.infer<typeof recentSchema>>;

const fileSchema = z.object({ experiments: z.array(recentSchema) });
const FILE = "recent-experiments.json";
const KEPT = 200;

export type RecentExperiments = {
  list(): Promise<readonly Recent[]>;
  note(recent: Recent): Promise<void>;
  /** The entry that was taken off; undefined if there was none. */
  forget(folder: string): Promise<Recent | undefined>;
};

/** Changes are made one after the other, each on what the file then holds: another host may write it too. */
export function createRecentExperiments(folders: UserFolders): RecentExperiments {
  const path = join(folders.config, FILE);
  let turn: Promise<unknown> = Promise.resolve();
  const change = async <T>(work: (known: readonly Recent[]) => { readonly next: readonly Recent[]; readonly result: T }): Promise<T> => {
    const mine = turn.then(async () => {
      const { next, result } = work(await read(path));
      await mkdir(folders.config, { recursive: true });
      await writeFile(`${path}.${process.pid}`, `${JSON.stringify({ experiments: next.slice(0, KEPT) }, null, 2)}\n`);
      await rename(`${path}.${process.pid}`, path);
      return result;
    });
    turn = mine.catch(() => undefined);
    return await mine;
  };
  return {
    list: async () => await read(path),
    note: async (recent) =>
      await change((known) => ({
        next: [recent, ...known.filter((one) => one.folder !== recent.folder)].sort((a, b) => b.openedAtMs - a.openedAtMs),
        result: undefined,
      })),
    forget: async (folder) =>
      await change((known) => ({ next: known.filter((one) => one.folder !== folder), result: known.find((one) => one.folder === folder) })),
  };
}

async function read(path: string): Promise<readonly Recent[]> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data.experiments : [];
  } catch {
    // A convenience only: without a readable note nothing was opened yet.
    return [];
  }
}
