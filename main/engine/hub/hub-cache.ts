/** The cache that Python's huggingface_hub keeps, shared with it: models--owner--name with blobs, snapshots and refs. */
import { mkdir, readdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import { hubWords } from "#app/text/hub.ts";
import { writeAtomically } from "../checkpoints/safetensors.ts";

export type Env = Readonly<Record<string, string | undefined>>;

const COMMIT = /^[0-9a-f]{40}$/u;

export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** HF_HOME, as Python finds it. */
export function hubHome(env: Env): string {
  const set = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  return set("HF_HOME") ?? join(set("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
}

/** Where repositories are kept, as Python finds it. */
export function hubCacheFolder(env: Env): string {
  const named = [env["HF_HUB_CACHE"], env["HUGGINGFACE_HUB_CACHE"]].find((folder) => folder !== undefined && folder !== "");
  return named ?? join(hubHome(env), "hub");
}

export type RepoCache = {
  snapshot(commit: string): string;
  blob(etag: string): string;
  /** The commit that a revision was when it was last asked for; undefined if it never was. */
  commitOf(revision: string): Promise<string | undefined>;
  noteRevision(revision: string, commit: string): Promise<void>;
  /** Names of the files of a commit that are here. */
  filesOf(commit: string): Promise<ReadonlySet<string>>;
  /** Makes a file of a commit out of a blob that is here. */
  link(commit: string, name: string, etag: string): Promise<void>;
};

export function repoCache(cacheFolder: string, repo: string): RepoCache {
  const folder = join(cacheFolder, `models--${repo.split("/").join("--")}`);
  const snapshot = (commit: string): string => join(folder, "snapshots", commit);
  const blob = (etag: string): string => join(folder, "blobs", etag);
  const ref = (revision: string): string => join(folder, "refs", ...revision.split("/"));
  return {
    snapshot,
    blob,
    commitOf: async (revision) => {
      if (isCommit(revision)) return revision;
      const commit = (await readFile(ref(revision), "utf8").catch(() => "")).trim();
      return isCommit(commit) ? commit : undefined;
    },
    noteRevision: async (revision, commit) => {
      if (isCommit(revision)) return;
      await mkdir(dirname(ref(revision)), { recursive: true });
      await writeAtomically(ref(revision), (file) => file.writeFile(commit));
    },
    filesOf: async (commit) => {
      const names = await readdir(snapshot(commit)).catch(() => []);
      const present: string[] = [];
      // A link whose blob is gone does not count.
      for (const name of names) if ((await stat(join(snapshot(commit), name)).catch(() => undefined))?.isFile() === true) present.push(name);
      return new Set(present);
    },
    link: async (commit, name, etag) => {
      const place = join(snapshot(commit), name);
      await mkdir(dirname(place), { recursive: true });
      await symlink(relative(dirname(place), blob(etag)), place).catch(async (thrown: unknown) => {
        if (codeOf(thrown) === "EEXIST") return;
        // Windows without the right to make links: the file itself lies in the snapshot, as Python does it.
        if (codeOf(thrown) !== "EPERM") throw thrown;
        await rename(blob(etag), place);
      });
    },
  };
}

export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** The token that Python would use: the environment's, else the one that `hf auth login` wrote. */
export async function pythonToken(env: Env): Promise<string | undefined> {
  const fromEnv = [env["HF_TOKEN"], env["HUGGING_FACE_HUB_TOKEN"]].find((token) => token !== undefined && token.trim() !== "");
  if (fromEnv !== undefined) return fromEnv.trim();
  const path = env["HF_TOKEN_PATH"] ?? join(hubHome(env), "token");
  const text = (await readFile(path, "utf8").catch(() => "")).trim();
  return text === "" ? undefined : text;
}

/** HF_ENDPOINT, or the hub itself. Throws ConfigError for what is no address. */
export function hubUrl(env: Env): string {
  const named = env["HF_ENDPOINT"];
  if (named === undefined || named === "") return "https://huggingface.co";
  if (!/^https?:\/\/[^/]+/u.test(named)) throw new ConfigError(hubWords.badEndpoint(named));
  return named.replace(/\/+$/u, "");
}
