/** What a folder that somebody names to a host becomes: opened, or a new experiment. */
import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { hostWords } from "#app/text/host.ts";
import type { Desk, OpenedExperiment } from "./desk.ts";
import { hasExperiment, kindOf } from "./experiment-folder.ts";
import { FolderError } from "./folder-error.ts";

/** A folder without an experiment gets one with the usual settings. */
export async function openOrBegin(desk: Desk, folder: string, note: (sentence: string) => void): Promise<OpenedExperiment> {
  if ((await kindOf(folder)) === "file") throw new FolderError(hostWords.isFile(folder), { folder });
  if (await hasExperiment(folder)) return await desk.open(folder);
  await mkdir(folder, { recursive: true });
  const opened = await desk.make(basename(folder), folder, async (client) => {
    await client.experiments.create({ name: basename(folder), config: experimentConfigSchema.parse({}) });
  });
  note(hostWords.begun);
  return opened;
}
