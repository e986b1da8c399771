/** The demo: an experiment that needs no network, no key and no model of one's own, ready for its first round. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LabClient } from "#app/contract/contract.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { kindOf } from "./experiment-folder.ts";

/** A script prefers answers near a length that the tiny model's babble can learn: it ends its answers too late at first. */
const CONFIG = experimentConfigSchema.parse({
  oracle: { kind: "targetLength", target: 12 },
  sampling: { responsesPerPrompt: 6, maxNewTokens: 48, temperature: 1, topP: 1 },
  evaluation: { temperature: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.4 },
  splits: { validationShare: 0.5, testShare: 0 },
  training: { learningRate: 0.0003, epochs: 1, batchSize: 16, microBatchSize: 8, maxLength: 256 },
});

export const DEMO_NAME = "Demo: answers of 12 characters";

export type DemoParts = {
  /** Where the demo's model is kept, shared by all demos. */
  readonly modelFolder: string;
  readonly promptFile: string;
  writeModel(folder: string): Promise<void>;
};

/** Fills the lab of an empty folder. */
export async function fillDemo(client: LabClient, parts: DemoParts): Promise<void> {
  if ((await kindOf(join(parts.modelFolder, "model.safetensors"))) !== "file") {
    await mkdir(parts.modelFolder, { recursive: true });
    await parts.writeModel(parts.modelFolder);
  }
  await client.experiments.create({ name: DEMO_NAME, config: CONFIG });
  await client.policies.add({ path: parts.modelFolder, name: "r0" });
  await client.experiments.importPrompts({ path: parts.promptFile });
}
