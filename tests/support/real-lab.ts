/** A lab with nothing made up: the real engine in its own process, on a tiny model, judged by a script. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { LabClient } from "#app/contract/contract.ts";
import type { ProcessHost } from "#app/rounds/ports.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openLab } from "#main/lab/compose.ts";
import type { Lab } from "#main/lab/lab.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { writeLines } from "#tests/main/lab/support.ts";
import { memorySecrets } from "./memory-secrets.ts";

export type RealLab = { readonly lab: Lab; readonly client: LabClient; readonly folder: string; readonly db: Connection; close(): Promise<void> };

/** The settings of `openRealLab` but for what a test says otherwise. */
export const REAL_LAB_CONFIG = {
  seed: 3,
  oracle: { kind: "targetLength", unit: "tokens", target: 12 },
  sampling: { responsesPerPrompt: 4, maxNewTokens: 40, temperature: 1, topP: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.2 },
  training: { batchSize: 4, learningRate: 5e-4, maxLength: 256, checkpointEverySteps: 5 },
  evaluation: { temperature: 1 },
} as const;

export type RealSetup = {
  readonly training?: number;
  readonly validation?: number;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly processHost?: ProcessHost;
};

/** Makes the experiment in a folder, with the policy r0 and prompts; nothing has been run. */
export async function openRealLab(
  home: string,
  { training = 16, validation = 24, more = {}, processHost = createForkHost() }: RealSetup = {},
): Promise<RealLab> {
  const folder = join(home, "short-replies");
  mkdirSync(folder, { recursive: true });
  const model = join(home, "tiny-model");
  await writeTinyModel(model, { seed: 1 });
  const lab = await openLab({
    folder,
    processHost,
    host: "http",
    cacheDir: join(home, "cache"),
    takenOverFrom: null,
    secrets: memorySecrets(),
  });
  const client = lab.client("owner");
  await client.experiments.create({ name: "short-replies", config: experimentConfigSchema.parse({ ...REAL_LAB_CONFIG, ...more }) });
  await client.policies.add({ path: model });
  const topics = ["tea", "rain", "a train", "the sea", "bread", "a lamp", "snow", "a letter"];
  const rows = Array.from({ length: training + validation }, (_, i) => ({
    prompt: `Write ${1 + (i % 5)} lines about ${topics[i % topics.length] ?? ""}, number ${i}.`,
    split: i < training ? "training" : "validation",
  }));
  await client.experiments.importPrompts({ path: writeLines(home, "prompts.jsonl", rows), skipRejected: false });
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  return {
    lab,
    client,
    folder,
    db,
    close: async () => {
      db.close();
      await lab.close();
    },
  };
}
