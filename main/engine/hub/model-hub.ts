/** Models from the Hugging Face hub, into the cache that Python shares. */
import { mkdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CancelledError, EngineError, LabError } from "#app/base/errors.ts";
import type { HubSource } from "#app/domain/hub-source.ts";
import type { HubListing, ModelHub } from "#app/rounds/ports.ts";
import { hubWords } from "#app/text/hub.ts";
import { askHub, type HubModel } from "./ask-hub.ts";
import { chooseFiles } from "./choose-files.ts";
import { fetchBlob } from "./fetch-blob.ts";
import { type Env, hubCacheFolder, hubUrl, pythonToken, type RepoCache, repoCache } from "./hub-cache.ts";
import type { Wait } from "./hub-replies.ts";

export type ModelHubOptions = {
  /** The lab's way out. */
  readonly fetch: typeof fetch;
  /** HF_HOME and its relatives. */
  readonly env: Env;
  /** A clock's, but for tests. */
  readonly wait?: Wait;
};

export function createModelHub({ fetch: fetchOut, env, wait = waitOrCancel }: ModelHubOptions): ModelHub {
  const url = hubUrl(env);
  const cacheFolder = hubCacheFolder(env);
  const ask = async (source: HubSource, token: string | undefined, signal: AbortSignal): Promise<HubModel> =>
    await askHub({ source, url, token, fetch: fetchOut, wait, signal });

  return {
    origin: new URL(url).origin,
    look: async (source, token, signal) => {
      const cache = repoCache(cacheFolder, source.repo);
      try {
        return await listingOf(cache, source, new URL(url).host, await ask(source, token ?? (await pythonToken(env)), signal));
      } catch (thrown) {
        // Offline, or the hub is away: what is here whole will do.
        const cached = isAway(thrown) ? await cachedListing(cache, source) : undefined;
        if (cached !== undefined) return cached;
        throw thrown;
      }
    },
    cached: async (source) => (await cachedListing(repoCache(cacheFolder, source.repo), source))?.path,
    fetch: async (source, givenToken, onProgress, signal) => {
      const cache = repoCache(cacheFolder, source.repo);
      const token = givenToken ?? (await pythonToken(env));
      const model = await ask(source, token, signal);
      const { commit, files } = model;
      const listing = await listingOf(cache, source, new URL(url).host, model);
      await requireRoom(cacheFolder, listing.missingBytes);
      let before = 0;
      for (const file of files) {
        const tell = (done: number): void => onProgress({ name: file.name, doneBytes: before + done, totalBytes: listing.totalBytes });
        if (!(await isFile(cache.blob(file.etag))) && !(await isFile(join(cache.snapshot(commit), file.name)))) {
          await fetchBlob({
            url: `${url}/${source.repo}/resolve/${commit}/${encodeURIComponent(file.name)}`,
            headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
            file,
            path: cache.blob(file.etag),
            fetch: fetchOut,
            signal,
            wait,
            onBytes: tell,
          });
        }
        await cache.link(commit, file.name, file.etag);
        tell(file.bytes);
        before += file.bytes;
      }
      await cache.noteRevision(source.revision, commit);
      return listing.path;
    },
  };
}

/** True for a hub that cannot be reached, whether it is away or the offline switch says so. */
function isAway(thrown: unknown): boolean {
  return thrown instanceof LabError && (thrown.details["isAway"] === true || thrown.code === "conflict");
}

async function listingOf(cache: RepoCache, source: HubSource, host: string, { commit, files, license }: HubModel): Promise<HubListing> {
  const present = await cache.filesOf(commit);
  const listed = await Promise.all(
    files.map(async ({ name, bytes, etag }) => ({ name, bytes, isCached: present.has(name) || (await isFile(cache.blob(etag))) })),
  );
  return listing(cache, source, { commit, host, license }, listed);
}

/** A snapshot that is here whole, as far as its own files tell; undefined if none is. */
async function cachedListing(cache: RepoCache, source: HubSource): Promise<HubListing | undefined> {
  const commit = await cache.commitOf(source.revision);
  if (commit === undefined) return undefined;
  try {
    const names = chooseFiles(source, [...(await cache.filesOf(commit))]);
    const files = await Promise.all(
      names.map(async (name) => ({ name, bytes: (await stat(join(cache.snapshot(commit), name))).size, isCached: true })),
    );
    return listing(cache, source, { commit, host: "", license: null }, files);
  } catch {
    // No checkpoint among them.
    return undefined;
  }
}

type Known = Pick<HubListing, "commit" | "host" | "license">;

function listing(cache: RepoCache, source: HubSource, known: Known, files: HubListing["files"]): HubListing {
  const { commit } = known;
  const sum = (some: HubListing["files"]): number => some.reduce((total, { bytes }) => total + bytes, 0);
  const [first] = files;
  const isOneFile = files.length === 1 && first?.name.toLowerCase().endsWith(".gguf") === true;
  return {
    repo: source.repo,
    ...known,
    files,
    totalBytes: sum(files),
    missingBytes: sum(files.filter(({ isCached }) => !isCached)),
    path: isOneFile ? join(cache.snapshot(commit), first.name) : cache.snapshot(commit),
  };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes) {
    throw new EngineError(hubWords.noDisk(folder, Math.ceil(bytes / 1e6), Math.ceil(free / 1e6)), {
      folder,
      bytes,
      free,
    });
  }
}

async function waitOrCancel(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {
    throw new CancelledError();
  });
}
