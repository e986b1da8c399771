/** Where the lab keeps what belongs to the user and not to an experiment: caches, settings, new experiments. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";

export type UserFolders = {
  /** Converted checkpoints, by content; may be deleted at any time. */
  readonly cache: string;
  /** Small settings, such as the folder that was open last. */
  readonly config: string;
  /** Experiments for which no folder was named. */
  readonly data: string;
};

/** The platform's own places, unless NASHLAB_CACHE_DIR, NASHLAB_CONFIG_DIR or NASHLAB_DATA_DIR name others. */
export function userFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const paths = envPaths("nashlab", { suffix: "" });
  return {
    cache: env["NASHLAB_CACHE_DIR"] ?? paths.cache,
    config: env["NASHLAB_CONFIG_DIR"] ?? paths.config,
    data: env["NASHLAB_DATA_DIR"] ?? paths.data,
  };
}

const LAST_FOLDER_FILE = "last-folder.json";

/** The experiment folder that was open last; undefined if none was or the note cannot be read. */
export async function readLastFolder(folders: UserFolders): Promise<string | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(join(folders.config, LAST_FOLDER_FILE), "utf8"));
    if (typeof note === "object" && note !== null && "folder" in note && typeof note.folder === "string") return note.folder;
    return undefined;
  } catch {
    // A convenience only: without a readable note there simply is no last folder.
    return undefined;
  }
}

export async function writeLastFolder(folders: UserFolders, folder: string): Promise<void> {
  await mkdir(folders.config, { recursive: true });
  const path = join(folders.config, LAST_FOLDER_FILE);
  await writeFile(`${path}.new`, `${JSON.stringify({ folder })}\n`);
  await rename(`${path}.new`, path);
}
