/** Policies from the hub: the size confirmed, a token that only the hub sees, the offline switch, progress as events. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { LabEvent } from "#app/contract/rounds.ts";
import { writeAdapter } from "#tests/support/fake-engine.ts";
import { type HubRepo, type HubServer, startHub } from "#tests/support/hub-server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint, openTestLab, type TestLab } from "./support.ts";

const WEIGHTS = Uint8Array.from({ length: 50_000 }, (_, i) => i);
const REPO: HubRepo = { name: "someone/tiny", license: "apache-2.0", files: { "config.json": Buffer.from("{}"), "model.safetensors": WEIGHTS } };
const BYTES = WEIGHTS.length + 2;
const PATH = "hf:someone/tiny";

async function openWithHub(repo: HubRepo = REPO): Promise<TestLab & { readonly server: HubServer; readonly home: string }> {
  const server = await startHub(repo);
  const home = tempFolder();
  const lab = await openTestLab(tempFolder(), { hubEnv: { HF_ENDPOINT: server.url, HF_HOME: home } });
  await lab.client.experiments.create({ name: "Hub", config: experimentConfigSchema.parse({}) });
  return { ...lab, server, home };
}

describe("a policy from the hub", () => {
  it("is looked at before it is fetched, and fetched only as far as its size is confirmed", async () => {
    const { client, server, home } = await openWithHub();
    const source = await client.policies.look({ path: PATH });
    expect(source).toMatchObject({
      kind: "hub",
      repo: "someone/tiny",
      commit: server.commit,
      totalBytes: BYTES,
      missingBytes: BYTES,
      license: "apache-2.0",
    });
    const sized = /hf:someone\/tiny would fetch 0\.1 MB from 127\.0\.0\.1:\d+; expected a confirmation of that size, got one of 0\.0 MB/u;
    await expect(client.policies.add({ path: PATH })).rejects.toThrow(sized);
    await expect(client.policies.add({ path: PATH, confirmedBytes: BYTES - 1 })).rejects.toThrow("would fetch 0.1 MB");
    expect(server.requests.some(({ path }) => path.includes("/resolve/"))).toBe(false);
    const added = await client.policies.add({ path: PATH, confirmedBytes: BYTES });
    expect(added).toMatchObject({ name: "r0", checkpointPath: join(home, "hub", "models--someone--tiny", "snapshots", server.commit) });
    expect(await client.policies.look({ path: PATH })).toMatchObject({ missingBytes: 0 });
    expect(await client.policies.look({ path: "/somewhere" })).toEqual({ kind: "local", path: "/somewhere" });
    await expect(client.policies.look({ path: "hf:nobody" })).rejects.toThrow("expected hf:owner/name");
  });

  it("tells how far it is, and is named after its repository", async () => {
    const { client } = await openWithHub();
    const controller = new AbortController();
    const events: LabEvent[] = [];
    const stream = await client.rounds.watch(undefined, { signal: controller.signal });
    const heard = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await client.policies.add({ path: PATH, confirmedBytes: BYTES, name: "start" });
    controller.abort();
    await heard.catch(() => undefined);
    expect(events.some((event) => event.type === "experiment.changed")).toBe(true);
    const fetching = events.filter((event) => event.type === "policy.progressed" && event.message.startsWith("Fetching "));
    for (const event of fetching)
      expect(event).toMatchObject({ message: expect.stringMatching(/^Fetching .* of someone\/tiny: 0\.\d of 0\.1 MB$/u) as string });
  });

  it("needs the token of a private model, which goes to the hub and nowhere else", async () => {
    const { client, folder, server } = await openWithHub({ ...REPO, token: "hf_secret_token" });
    await expect(client.policies.look({ path: PATH })).rejects.toThrow("asks for a token that may read it");
    expect(await client.policies.hub()).toMatchObject({ host: new URL(server.url).host, tokenPlace: null });
    expect(await client.policies.setHubToken({ token: "hf_secret_token" })).toMatchObject({ tokenPlace: "memory" });
    await client.policies.add({ path: PATH, confirmedBytes: BYTES });
    for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name)).includes("hf_secret_token"), name.name).toBe(false);
    }
    expect(await client.policies.setHubToken({ token: null })).toMatchObject({ tokenPlace: null });
  });

  it("is the base of an adapter that names it, where it is in the cache, and the hub is not asked", async () => {
    const { client, folder, server } = await openWithHub();
    const { checkpointPath } = await client.policies.add({ path: PATH, confirmedBytes: BYTES });
    await client.policies.add({ path: makeCheckpoint(folder, "tiny") });
    await client.settings.setOffline({ isOffline: true });
    const asked = server.requests.length;
    const adapter = join(folder, "adapter");
    mkdirSync(adapter);
    writeAdapter(adapter, { meanWords: 5, rank: 8, baseModelName: "someone/tiny" });
    expect(await client.policies.add({ path: adapter })).toMatchObject({ checkpointPath });
    expect(server.requests).toHaveLength(asked);
  });

  it("is out of reach while the lab is offline", async () => {
    const lab = await openTestLab(tempFolder(), { hubEnv: { HF_ENDPOINT: "https://hub.example", HF_HOME: tempFolder() } });
    await lab.client.experiments.create({ name: "Hub", config: experimentConfigSchema.parse({}) });
    await lab.client.settings.setOffline({ isOffline: true });
    await expect(lab.client.policies.look({ path: PATH })).rejects.toThrow("the lab is offline, so hub.example cannot be reached");
    await expect(lab.client.policies.add({ path: PATH, confirmedBytes: BYTES })).rejects.toThrow("the lab is offline");
  });
});
