/** Copies of an experiment's database, made before migrations and when asked for: in the folder backups beside it. */
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Connection } from "./database.ts";
import { backup, schemaVersion } from "./migrate.ts";

export type Copy = { readonly name: string; readonly path: string; readonly sizeBytes: number; readonly madeAtMs: number };

/** Newest first; none where nothing was ever copied. */
export async function listCopies(db: Connection): Promise<Copy[]> {
  const folder = join(dirname(db.path), "backups");
  const names = await readdir(folder).catch(() => []);
  const copies = await Promise.all(
    names
      .filter((name) => name.endsWith(".db"))
      .map(async (name) => {
        const { size, mtimeMs } = await stat(join(folder, name));
        return { name, path: join(folder, name), sizeBytes: size, madeAtMs: mtimeMs };
      }),
  );
  return copies.sort((a, b) => b.madeAtMs - a.madeAtMs);
}

/** A whole, compact database, readable by itself; the experiment may be at work meanwhile. */
export async function makeCopy(db: Connection, nowMs: number): Promise<Copy | undefined> {
  const path = backup(db, schemaVersion(db), nowMs);
  return (await listCopies(db)).find((copy) => copy.path === path);
}
