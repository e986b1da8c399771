/** The demo: what it is made of, where its model goes, and that its rounds begin. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DEMO_ORACLES } from "#app/contract/host.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { DEMO_NAMES, makeDemo } from "#main/host/demo.ts";
import { resourcePath } from "#main/lab/resources.ts";
import { openTestLab } from "#tests/main/lab/support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const RESOURCES = resourcePath("");

it("is an experiment with a model of its own place, prompts of two splits and a script that likes a happy end", async () => {
  const models = join(tempFolder(), "models");
  const { client } = await openTestLab(tempFolder());
  await makeDemo(client, { resources: RESOURCES, models, oracle: "happy-ending", rounds: 0 });
  const experiment = await client.experiments.get();
  expect(experiment?.prompts).toEqual({ training: 128, validation: 64, test: 0 });
  expect(experiment?.config.oracle.kind).toBe("regex");
  expect(experiment?.config.sampling.responsesPerPrompt).toBe(5);
  const [folder = "", ...more] = readdirSync(models);
  expect(more).toEqual([]);
  expect(experiment?.policies).toMatchObject([{ name: "r0" }]);
  expect(readdirSync(join(models, folder)).sort()).toEqual(readdirSync(join(RESOURCES, "embedded-model")).sort());

  // Another demo shares the model.
  const second = await openTestLab(tempFolder());
  await makeDemo(second.client, { resources: RESOURCES, models, oracle: "happy-ending", rounds: 0 });
  expect(readdirSync(models)).toEqual([folder]);
});

it.each(DEMO_ORACLES)("is judged by the script that was asked for: %s", async (oracle) => {
  const { client } = await openTestLab(tempFolder());
  await makeDemo(client, { resources: RESOURCES, models: join(tempFolder(), "models"), oracle, rounds: 0 });
  const experiment = await client.experiments.get();
  expect(experiment?.name).toBe(DEMO_NAMES[oracle]);
  const settings = experimentConfigSchema.parse(JSON.parse(readFileSync(join(RESOURCES, "demo", `${oracle}.json`), "utf8")));
  expect(experiment?.config).toEqual(settings);
});

it("begins as many rounds as were asked for, which go on without it", async () => {
  const { client } = await openTestLab(tempFolder());
  await makeDemo(client, { resources: RESOURCES, models: join(tempFolder(), "models"), oracle: "happy-ending", rounds: 2 });
  expect(await client.rounds.series()).toMatchObject({ firstRound: 1, lastRound: 2 });
  await client.rounds.stop();
  expect((await client.rounds.list()).map(({ number }) => number)).toEqual([1]);
});
