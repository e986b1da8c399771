/** Policies: checkpoints and adapters in, named, and out again. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { writeAdapter } from "#tests/support/fake-engine.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint, openReadyLab, openTestLab, runRound, type TestLab } from "./support.ts";

async function openFresh(): Promise<TestLab> {
  const lab = await openTestLab(tempFolder());
  await lab.client.experiments.create({ name: "Fresh", config: experimentConfigSchema.parse({}) });
  return lab;
}

function makeAdapter(folder: string, name: string, baseModelName: string | null): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeAdapter(path, { meanWords: 5, rank: 8, baseModelName });
  return path;
}

describe("adding a policy", () => {
  it("names the first r0 and others after their file, and leaves r1, r2, ... to rounds", async () => {
    const { client, folder } = await openFresh();
    const first = await client.policies.add({ path: makeCheckpoint(folder, "a") });
    expect(first).toMatchObject({ name: "r0", parent: null, adapterHash: null, family: "fake", parameterCount: 135_000_000, roundNumber: null });
    expect((await client.policies.add({ path: makeCheckpoint(folder, "b") })).name).toBe("checkpoint-b");
    expect((await client.policies.add({ path: makeCheckpoint(folder, "c"), name: "mine" })).name).toBe("mine");
    const path = makeCheckpoint(folder, "d");
    await expect(client.policies.add({ path, name: "r4" })).rejects.toThrow("r4 is what a round calls the policy that it makes");
    await expect(client.policies.add({ path, name: "mine" })).rejects.toThrow('there is a policy "mine" already');
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0", "checkpoint-b", "mine"]);
  });

  it("refuses what is not there and weights that are there already", async () => {
    const { client, folder } = await openFresh();
    await expect(client.policies.add({ path: join(folder, "nothing") })).rejects.toThrow(/but there is nothing at/u);
    const path = makeCheckpoint(folder, "a");
    await client.policies.add({ path });
    await expect(client.policies.add({ path, name: "twin" })).rejects.toThrow("the policy r0 has exactly these weights already");
    expect(await client.policies.list()).toHaveLength(1);
  });

  it("takes an adapter over the checkpoint that it names", async () => {
    const { client, folder } = await openFresh();
    const base = makeCheckpoint(folder, "base");
    const added = await client.policies.add({ path: makeAdapter(folder, "adapter", base) });
    expect(added).toMatchObject({ name: "r0", checkpointPath: base });
    expect(added.adapterHash).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each([
    ["by its name on the hub", "some-hub/checkpoint-base", "base"],
    ["by its place on another machine", "/elsewhere/models/checkpoint-base/", "base"],
    ["by its place in another hub's cache", "C:\\hub\\models--some-hub--checkpoint-base\\snapshots\\0123", "base"],
    ["that is a quantised file of the one named", "some-hub/checkpoint-base", "base.Q4_K_M.gguf"],
  ])("takes an adapter over the experiment's checkpoint %s", async (_, baseModelName, name) => {
    const { client, folder } = await openFresh();
    const base = await client.policies.add({ path: makeCheckpoint(folder, name) });
    await client.policies.add({ path: makeCheckpoint(folder, "base-Instruct") });
    expect((await client.policies.add({ path: makeAdapter(folder, "adapter", baseModelName) })).checkpointHash).toBe(base.checkpointHash);
  });

  // The only checkpoint was taken whatever it was: of the same shapes, it gave another policy than the one trained.
  it("refuses an adapter that names another checkpoint than the experiment's only one", async () => {
    const { client, folder } = await openFresh();
    const adapter = makeAdapter(folder, "adapter", "some-hub/model");
    const refusal =
      /names the checkpoint "some-hub\/model", which is not on this machine, and this experiment has none that it could belong to; add its/u;
    await expect(client.policies.add({ path: adapter })).rejects.toThrow(refusal);
    await client.policies.add({ path: makeCheckpoint(folder, "base") });
    await expect(client.policies.add({ path: adapter })).rejects.toThrow(refusal);
    expect(await client.policies.list()).toHaveLength(1);
  });

  it("takes an adapter that names nothing over the experiment's only checkpoint", async () => {
    const { client, folder } = await openFresh();
    const base = await client.policies.add({ path: makeCheckpoint(folder, "base") });
    expect((await client.policies.add({ path: makeAdapter(folder, "adapter", null) })).checkpointHash).toBe(base.checkpointHash);
    await client.policies.add({ path: makeCheckpoint(folder, "other") });
    await expect(client.policies.add({ path: makeAdapter(folder, "third", null), name: "third" })).rejects.toThrow(
      /names no checkpoint, and this experiment has several/u,
    );
  });

  it("refuses an adapter without weights", async () => {
    const { client, folder } = await openFresh();
    const base = makeCheckpoint(folder, "base");
    await client.policies.add({ path: base });
    const path = join(folder, "half");
    mkdirSync(path);
    writeAdapter(path, { meanWords: 5, rank: 8, baseModelName: base });
    const { rmSync } = await import("node:fs");
    rmSync(join(path, "adapter_model.safetensors"));
    await expect(client.policies.add({ path })).rejects.toThrow();
    expect(await client.policies.list()).toHaveLength(1);
  });
});

describe("exporting a policy", () => {
  it("writes the adapter's folder, and for a bare checkpoint says where that is", async () => {
    const { client, folder } = await openReadyLab();
    await runRound(client, "train");
    const path = join(folder, "out");
    expect(await client.policies.export({ policy: "r1", path })).toEqual({ path, files: ["adapter_config.json", "adapter_model.safetensors"] });
    expect(readdirSync(path).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(JSON.parse(readFileSync(join(path, "adapter_config.json"), "utf8"))).toMatchObject({
      peft_type: "LORA",
      base_model_name_or_path: join(folder, "checkpoint-base"),
    });
    expect(await client.policies.export({ policy: "r0", path: join(folder, "none") })).toEqual({ path: join(folder, "checkpoint-base"), files: [] });
    // And comes back in as the same weights.
    await expect(client.policies.add({ path, name: "back" })).rejects.toThrow("the policy r1 has exactly these weights already");
  });

  it("refuses unknown policies and places that are none", async () => {
    const { client, folder } = await openReadyLab();
    await expect(client.policies.export({ policy: "r7", path: join(folder, "x") })).rejects.toThrow(
      'there is no policy "r7"; this experiment has r0',
    );
    await runRound(client, "train");
    await expect(client.policies.export({ policy: "r1", path: join(folder, "no", "such", "place") })).rejects.toThrow(
      /expected a folder in which to write/u,
    );
    writeFileSync(join(folder, "file"), "");
    await expect(client.policies.export({ policy: "r1", path: join(folder, "file") })).rejects.toThrow(
      /expected a folder to write to, got the file/u,
    );
  });
});

describe("merging a policy", () => {
  it("adds a policy without an adapter whose checkpoint lies in the experiment's folder, once", async () => {
    const { client, folder } = await openReadyLab();
    await runRound(client, "train");
    const merged = await client.policies.merge({ policy: "r1" });
    expect(merged).toMatchObject({ name: "r1-merged", parent: "r1", adapterHash: null, roundNumber: null });
    expect(merged.checkpointPath.startsWith(join(folder, "checkpoints"))).toBe(true);
    const again = client.policies.merge({ policy: "r1", name: "twin" });
    await expect(again).rejects.toThrow("the policy r1-merged has exactly these weights already");
    await expect(client.policies.merge({ policy: "r0" })).rejects.toThrow("the policy r0 has no adapter: it is one checkpoint already");
    await expect(client.policies.merge({ policy: "r1", name: "r9" })).rejects.toThrow("r9 is what a round calls the policy that it makes");
  });
});

describe("exporting merged weights", () => {
  it("writes a folder where nothing is yet, and refuses one that holds something", async () => {
    const { client, folder } = await openReadyLab();
    await runRound(client, "train");
    const path = join(folder, "whole");
    expect(await client.policies.export({ policy: "r1", path, as: "hf" })).toEqual({ path, files: ["model.safetensors"] });
    expect(readdirSync(path)).toEqual(["model.safetensors"]);
    await expect(client.policies.export({ policy: "r1", path, as: "hf" })).rejects.toThrow(
      /expected a folder that is empty or not there yet, got .*whole with model\.safetensors in it/u,
    );
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await client.policies.export({ policy: "r0", path: empty, as: "hf" });
    expect(readdirSync(empty)).toEqual(["model.safetensors"]);
    await expect(client.policies.export({ policy: "r1", path: join(folder, "p"), as: "peft", precision: "f16" })).rejects.toThrow(
      "precision: an adapter is written as it is",
    );
    expect(readdirSync(folder).filter((name) => name.includes(".partial"))).toEqual([]);
  });

  it("writes a GGUF file where nothing is yet", async () => {
    const { client, folder } = await openReadyLab();
    const path = join(folder, "r0.gguf");
    await expect(client.policies.export({ policy: "r0", path: join(folder, "r0"), as: "gguf" })).rejects.toThrow(
      /expected a file that ends in \.gguf, got .*r0/u,
    );
    expect((await client.policies.export({ policy: "r0", path, as: "gguf", precision: "q8_0" })).path).toBe(path);
    await expect(client.policies.export({ policy: "r0", path, as: "gguf" })).rejects.toThrow(/expected a path where nothing is yet, got .*r0\.gguf/u);
    expect(readdirSync(folder).filter((name) => name.includes(".partial"))).toEqual([]);
  });
});
