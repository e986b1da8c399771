/** What a folder that somebody names to a host becomes: opened, or a new experiment. */
import { basename } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import { nameSchema } from "#app/contract/base.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { hostWords } from "#app/text/host.ts";
import type { Desk, OpenedExperiment } from "./desk.ts";
import { hasExperiment } from "./experiment-folder.ts";

/** A folder without an experiment gets one with the usual settings. */
export async function openOrBegin(desk: Desk, folder: string, note: (sentence: string) => void): Promise<OpenedExperiment> {
  if (await hasExperiment(folder)) return await desk.open(folder);
  const name = nameSchema.safeParse(basename(folder));
  if (!name.success) throw new ConfigError(hostWords.noName(folder, basename(folder)));
  const opened = await desk.make(name.data, folder, async (client) => {
    await client.experiments.create({ name: name.data, config: experimentConfigSchema.parse({}) });
  });
  note(hostWords.begun);
  return opened;
}
