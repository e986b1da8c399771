/** The demo: what it is made of, where its model goes, and that its rounds follow one another until somebody stops them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { fillDemo, runDemo } from "#main/host/demo.ts";
import { openReadyLab, openTestLab } from "#tests/main/lab/support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const RESOURCES = fileURLToPath(new URL("../../../resources", import.meta.url));

it("is an experiment with a model of its own place, prompts of two splits and a script that likes a happy end", async () => {
  const models = join(tempFolder(), "models");
  const { client } = await openTestLab(tempFolder());
  await fillDemo(client, RESOURCES, models);
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
  await fillDemo(second.client, RESOURCES, models);
  expect(readdirSync(models)).toEqual([folder]);
});

it("runs as many rounds as were asked for, and no more once one is paused", async () => {
  const { client } = await openReadyLab();
  await runDemo(client, 2);
  expect((await client.rounds.list()).map(({ number, isDone }) => [number, isDone])).toEqual([
    [1, true],
    [2, true],
  ]);
  const paused = await openReadyLab(
    {},
    {
      beforeUnit: async ({ count }) => {
        if (count !== 5) return;
        // Asked for, not awaited: it resolves when this unit is done.
        await Promise.race([paused.client.rounds.pause(), nextTick()]);
      },
    },
  );
  await runDemo(paused.client, 2);
  expect((await paused.client.rounds.list()).map(({ number }) => number)).toEqual([1]);
});

async function nextTick(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
