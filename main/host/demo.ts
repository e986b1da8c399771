/** The demo: an experiment that needs no network, no key and no model of one's own, and its rounds. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import type { LabClient } from "#app/contract/contract.ts";
import type { DemoOracle } from "#app/contract/host.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { demoWords } from "#app/text/demo.ts";
import { kindOf } from "./experiment-folder.ts";

export const DEMO_NAMES: Readonly<Record<DemoOracle, string>> = {
  "happy-ending": demoWords.names.happyEnding,
  "place-described": demoWords.names.placeDescribed,
  cycle: demoWords.names.cycle,
  random: demoWords.names.random,
};

export type DemoParts = {
  /** The folder of the files that come with the lab. */
  readonly resources: string;
  /** Where models of the lab's own are kept. */
  readonly models: string;
  readonly oracle: DemoOracle;
  /** So many begin, one after the other. */
  readonly rounds: number;
};

/** Fills the lab of an empty folder, and begins its rounds. */
export async function makeDemo(client: LabClient, { resources, models, oracle, rounds }: DemoParts): Promise<void> {
  const configPath = join(resources, "demo", `${oracle}.json`);
  const config = experimentConfigSchema.safeParse(JSON.parse(await readFile(configPath, "utf8")));
  if (!config.success) throw new ConfigError(`${configPath}: ${config.error.message}`);
  await client.experiments.create({ name: DEMO_NAMES[oracle], config: config.data });
  await client.policies.add({ path: await keptModel(join(resources, "embedded-model"), models), name: "r0" });
  await client.experiments.importPrompts({ path: join(resources, "demo", "prompts.jsonl") });
  if (rounds > 0) await client.rounds.start({ rounds });
}

/** A copy that stays where it is when the lab is moved or renewed: an experiment goes on from it. */
async function keptModel(source: string, models: string): Promise<string> {
  const weights = await readFile(join(source, "model.safetensors"));
  const target = join(models, `stories-${createHash("sha256").update(weights).digest("hex").slice(0, 12)}`);
  if ((await kindOf(join(target, "config.json"))) === "file") return target;
  const making = `${target}.${process.pid}`;
  await mkdir(making, { recursive: true });
  // Read and written, not copied: the packaged lab's files lie in an archive.
  for (const name of await readdir(source)) await writeFile(join(making, name), await readFile(join(source, name)));
  await rm(target, { recursive: true, force: true });
  await rename(making, target);
  return target;
}
