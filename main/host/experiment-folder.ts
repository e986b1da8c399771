/** What a folder must be before a lab can be opened in it, in one clear sentence each. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
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
