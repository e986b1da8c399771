/** Large things as files and folders named by their content, in the experiment's own folder. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { DataError, NotFoundError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { ArtefactKind, ArtefactStore } from "#app/rounds/ports.ts";
import { storeWords } from "#app/text/store.ts";
import { number, type WritableDb } from "./database.ts";

/** Opens the store under `folder`/artefacts. What an interrupted run left in scratch is removed, unless nothing may be changed. */
export async function openArtefacts(folder: string, db: WritableDb & { readonly isReadOnly?: boolean }, nowMs: () => number): Promise<ArtefactStore> {
  const home = join(folder, "artefacts");
  const scratchHome = join(home, "scratch");
  if (db.isReadOnly !== true) {
    await rm(scratchHome, { recursive: true, force: true });
    await mkdir(scratchHome, { recursive: true });
  }
  const placeOf = (hash: ContentHash): string => join(home, hash.slice(0, 2), hash);
  const isKept = (hash: string): boolean =>
    db.get("SELECT 1 AS found FROM artefact WHERE hash = $hash AND removed_at IS NULL", { hash }) !== undefined;
  /** Their files are there before their rows. */
  const arriving = new Set<string>();
  const store = async (kind: ArtefactKind, sourcePath: string, hash: ContentHash, sizeBytes: number): Promise<void> => {
    const place = placeOf(hash);
    if (await holds(place, hash)) {
      await rm(sourcePath, { recursive: true, force: true });
    } else {
      // What lies there is not what its name says: damaged, or half copied when the lab died.
      await rm(place, { recursive: true, force: true });
      await syncTree(sourcePath);
      await mkdir(join(home, hash.slice(0, 2)), { recursive: true });
      await moveTree(sourcePath, place);
      await syncPath(join(home, hash.slice(0, 2)));
    }
    db.run(
      `INSERT INTO artefact (hash, kind, size_bytes, created_at) VALUES ($hash, $kind, $size_bytes, $now)
         ON CONFLICT (hash) DO UPDATE SET removed_at = NULL, created_at = CASE WHEN removed_at IS NULL THEN created_at ELSE excluded.created_at END`,
      { hash, kind, size_bytes: sizeBytes, now: nowMs() },
    );
  };
  return {
    put: async (kind, sourcePath) => {
      const { hash, sizeBytes } = await hashTree(sourcePath);
      arriving.add(hash);
      try {
        await store(kind, sourcePath, hash, sizeBytes);
      } finally {
        arriving.delete(hash);
      }
      return hash;
    },
    pathOf: async (hash) => {
      const row = db.get("SELECT size_bytes, created_at, removed_at FROM artefact WHERE hash = $hash", { hash });
      if (row === undefined) throw new NotFoundError(storeWords.noArtefact(hash));
      if (row["removed_at"] !== null) throw new NotFoundError(storeWords.artefactRemoved(hash));
      const place = placeOf(hash);
      const found = await lookAt(place).catch(() => undefined);
      if (found?.sizeBytes !== number(row, "size_bytes")) {
        throw new DataError(storeWords.artefactSize(hash, number(row, "size_bytes"), place, found?.sizeBytes));
      }
      // Written to since it was put here: the same size says nothing.
      if (found.modifiedAtMs > number(row, "created_at") && !(await holds(place, hash))) {
        throw new DataError(storeWords.artefactAltered(hash, place));
      }
      return place;
    },
    has: (hash) => Promise.resolve(isKept(hash)),
    remove: async (hash) => {
      if (arriving.has(hash)) return;
      db.run("UPDATE artefact SET removed_at = $now WHERE hash = $hash AND removed_at IS NULL", { hash, now: nowMs() });
      await rm(placeOf(hash), { recursive: true, force: true });
    },
    strays: async () => {
      const found: { path: string; sizeBytes: number }[] = [];
      for (const shelf of await readdir(home, { withFileTypes: true }).catch(() => [])) {
        if (!shelf.isDirectory() || shelf.name === "scratch") continue;
        for (const name of await readdir(join(home, shelf.name))) {
          // A copy that was under way lies beside under a longer name.
          if (isKept(name) || arriving.has(name.slice(0, HASH_LENGTH))) continue;
          const path = join(home, shelf.name, name);
          found.push({ path, sizeBytes: (await lookAt(path).catch(() => ({ sizeBytes: 0 }))).sizeBytes });
        }
      }
      return found;
    },
    scratch: async () => {
      const path = join(scratchHome, randomUUID());
      await mkdir(path);
      return path;
    },
  };
}

/** Hexadecimal digits of SHA-256. */
const HASH_LENGTH = 64;

/** SHA-256 of a file's bytes; of a folder, of the sorted relative names of its files with their hashes. */
async function hashTree(path: string): Promise<{ readonly hash: ContentHash; readonly sizeBytes: number }> {
  if ((await stat(path)).isFile()) return { hash: (await hashFile(path)) as ContentHash, sizeBytes: (await stat(path)).size };
  const digest = createHash("sha256");
  let sizeBytes = 0;
  for (const file of await filesUnder(path)) {
    digest.update(`${relative(path, file).split(sep).join("/")}\0${await hashFile(file)}\n`);
    sizeBytes += (await stat(file)).size;
  }
  // A digest is what the brand stands for.
  return { hash: digest.digest("hex") as ContentHash, sizeBytes };
}

async function hashFile(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer); // a stream without an encoding
  return digest.digest("hex");
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Bytes of a file or of a folder's files, and the newest time at which one was written. */
async function lookAt(path: string): Promise<{ readonly sizeBytes: number; readonly modifiedAtMs: number }> {
  const files = (await stat(path)).isFile() ? [path] : await filesUnder(path);
  const found = await Promise.all(files.map((file) => stat(file)));
  return {
    sizeBytes: found.reduce((sum, { size }) => sum + size, 0),
    modifiedAtMs: found.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0),
  };
}

async function holds(path: string, hash: ContentHash): Promise<boolean> {
  const found = await hashTree(path).catch(() => undefined);
  return found?.hash === hash;
}

async function syncTree(path: string): Promise<void> {
  if ((await stat(path)).isFile()) return syncPath(path);
  for (const file of await filesUnder(path)) await syncPath(file);
  await syncPath(path);
}

async function syncPath(path: string): Promise<void> {
  // Windows does not open folders; there a rename is durable by itself.
  if (process.platform === "win32" && (await stat(path)).isDirectory()) return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename where it can be one; else a copy, synced, under another name and then renamed. */
async function moveTree(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EXDEV")) throw thrown;
    const beside = `${to}.${randomUUID()}`;
    await cp(from, beside, { recursive: true });
    await syncTree(beside);
    await rename(beside, to);
    await rm(from, { recursive: true, force: true });
  }
}
