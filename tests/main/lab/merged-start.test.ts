/** Rounds whose adapter settings are others than the policy's: it is merged into a checkpoint first, and trained from there. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

it.each([
  ["rank", { rank: 4 }],
  ["alpha", { alpha: 8 }],
  ["targets", { targets: ["q_proj", "v_proj"] }],
])("another %s merges the policy into a checkpoint, once, from which rounds go on", async (_, adapter) => {
  const { client, db, folder } = await openReadyLab();
  expect(await runRound(client)).toEqual({ state: "done", error: null });
  await client.experiments.configure({
    config: experimentConfigSchema.parse({ ...SCRIPTED, training: { ...SCRIPTED.training, adapter } }),
  });
  for (const round of [2, 3]) expect(await runRound(client), `round ${round}`).toEqual({ state: "done", error: null });
  const [first, second, third, fourth] = await client.policies.list();
  expect(second?.checkpointHash).toBe(first?.checkpointHash);
  expect(third).toMatchObject({ name: "r2", parent: "r1" });
  expect(third?.adapterHash).not.toBeNull();
  expect(third?.checkpointHash).not.toBe(first?.checkpointHash);
  expect(third?.checkpointPath.startsWith(join(folder, "checkpoints"))).toBe(true);
  // The settings are now those of the policy: its adapter is gone on with.
  expect(fourth).toMatchObject({ name: "r3", parent: "r2", checkpointHash: third?.checkpointHash });
  expect(readdirSync(join(folder, "checkpoints"))).toHaveLength(1);
  expect(violationsOf(db)).toEqual([]);
});
