/** What commands need to find before they can work. */
import type { LabClient } from "#app/contract/contract.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { FolderError } from "#main/host/folder-error.ts";

/** The folder's experiment. Throws FolderError if it has none. */
export async function requireExperiment(client: LabClient, folder: string): Promise<ExperimentView> {
  const experiment = await client.experiments.get();
  if (experiment === null) {
    throw new FolderError(`there is no experiment in ${folder}; nashlab init makes one.`, { folder });
  }
  return experiment;
}
