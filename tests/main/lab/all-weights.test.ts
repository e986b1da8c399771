/** Rounds that train all weights: each new policy is a checkpoint of its own, and adapters are merged before. */
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

const ALL_WEIGHTS = { ...SCRIPTED, training: { ...SCRIPTED.training, trains: "allWeights" } };

describe("a round that trains all weights", () => {
  it("makes a policy with a checkpoint of its own, from which the next round goes on", async () => {
    const { client, db, folder } = await openReadyLab({ config: ALL_WEIGHTS });
    for (const round of [1, 2]) expect(await runRound(client), `round ${round}`).toEqual({ state: "done", error: null });
    const [first, second, third] = await client.policies.list();
    expect([second?.parent, third?.parent]).toEqual([first?.name, second?.name]);
    expect([second?.adapterHash, third?.adapterHash]).toEqual([null, null]);
    expect(new Set([first, second, third].map((policy) => policy?.checkpointHash)).size).toBe(3);
    expect(second?.checkpointPath.startsWith(folder)).toBe(true);
    expect(violationsOf(db)).toEqual([]);
    expect((await client.settings.doctor()).filter((finding) => !finding.ok)).toEqual([]);
  });

  it("ends early with the checkpoint that is best so far", async () => {
    const holder: { stop?: () => Promise<unknown> } = {};
    let steps = 0;
    const { client } = await openReadyLab(
      { config: ALL_WEIGHTS },
      {
        beforeUnit: async ({ kind }) => {
          if (kind === "step" && (steps += 1) === 4) await holder.stop?.();
        },
      },
    );
    holder.stop = () => client.training.stopWithBest({ round: 1 });
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    expect(await client.training.run({ round: 1 })).toMatchObject({ kept: { step: 4 } });
    expect((await client.policies.list())[1]).toMatchObject({ name: "r1", adapterHash: null });
  });

  it("merges the adapter of the policy that it starts from", async () => {
    const { client } = await openReadyLab();
    await runRound(client);
    await client.experiments.configure({ config: experimentConfigSchema.parse(ALL_WEIGHTS) });
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const [first, second, third] = await client.policies.list();
    expect(second?.adapterHash).not.toBeNull();
    expect(third).toMatchObject({ name: "r2", parent: "r1", adapterHash: null });
    expect(third?.checkpointHash).not.toBe(first?.checkpointHash);
  });
});

it("the usual learning rate is lower where all weights are trained, unless one is given", () => {
  expect(trainingSettingsSchema.parse({}).learningRate).toBe(5e-5);
  expect(trainingSettingsSchema.parse({ trains: "allWeights" }).learningRate).toBe(1e-6);
  expect(trainingSettingsSchema.parse({ trains: "allWeights", learningRate: 3e-4 }).learningRate).toBe(3e-4);
});
