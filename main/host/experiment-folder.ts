/** What a folder must be before a lab can be opened in it, in one clear sentence each. */
import { mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hostWords } from "#app/text/host.ts";
import { FolderError } from "./folder-error.ts";

/** The database that makes a folder an experiment. */
export const DATABASE_NAME = "experiment.db";

export async function hasExperiment(folder: string): Promise<boolean> {
  return (await kindOf(join(folder, DATABASE_NAME))) === "file";
}

/** Throws FolderError unless the folder is there and has an experiment. */
export async function requireExperimentFolder(folder: string): Promise<void> {
  await requireFolder(folder);
  if (!(await hasExperiment(folder))) {
    throw new FolderError(hostWords.noExperiment(folder), { folder });
  }
}

async function requireFolder(folder: string): Promise<void> {
  const kind = await kindOf(folder);
  if (kind === "nothing") throw new FolderError(hostWords.noFolder(folder), { folder });
  if (kind === "file") throw new FolderError(hostWords.isFile(folder), { folder });
}

export async function kindOf(path: string): Promise<"nothing" | "file" | "folder"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return "nothing";
  }
}

/** What a lab makes in its folder before it has an experiment; all else there is somebody's own. */
const MADE_BY_LABS = /^(?:experiment\.db(?:-\w+)?|artefacts)$/u;

/** The returned function takes away what a lab has made in the folder since now. */
export async function noteContents(folder: string): Promise<() => Promise<void>> {
  const before = new Set(await readdir(folder));
  return async () => {
    const added = (await readdir(folder)).filter((name) => MADE_BY_LABS.test(name) && !before.has(name));
    await Promise.all(added.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  };
}

/**
 * The work in a folder that is to get an experiment: made if it is not there, and gone again if the work fails and leaves
 * nothing in it. Throws FolderError for a file, and where no folder can be made.
 */
export async function inFreshFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if ((await kindOf(folder)) === "file") throw new FolderError(hostWords.isFile(folder), { folder });
  const firstMade = await makeFolder(folder);
  try {
    return await work();
  } catch (thrown) {
    if (firstMade !== undefined) await removeEmpty(folder, firstMade);
    throw thrown;
  }
}

/** The topmost folder that had to be made; undefined if all were there. */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new FolderError(hostWords.cannotMake(folder, cause instanceof Error ? cause.message : String(cause)), { folder }, { cause });
  }
}

/** From the folder up to the topmost one, as long as nothing is in them: somebody else may have come to use them. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let path = folder; path.startsWith(topmost); path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}
