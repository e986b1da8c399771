/** The desk of a host: experiments made, opened, listed, forgotten; folders looked into; who may ask for it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRouterClient, ORPCError } from "@orpc/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Role, roleSchema } from "#app/contract/base.ts";
import { hostContract, type HostClient } from "#app/contract/host.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { connectLab } from "#main/host/connect.ts";
import { createDesk, type Desk } from "#main/host/desk.ts";
import { createHostRouter, type HostRouter } from "#main/host/host-router.ts";
import type { Line } from "#main/host/line.ts";
import { openOrBegin } from "#main/host/open-or-begin.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { lookAtExperiment } from "#main/lab/look.ts";
import { openLabWith } from "#main/lab/open-lab.ts";
import { fakeDrivers } from "#tests/support/fake-engine.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint } from "../lab/support.ts";

type Bench = {
  readonly home: string;
  readonly desk: Desk;
  readonly lines: readonly Line[];
  readonly router: HostRouter;
  readonly client: HostClient;
};

async function openDesk(home = tempFolder()): Promise<Bench> {
  const userFolders = { cache: join(home, "cache"), config: join(home, "config"), data: join(home, "data") };
  const lines: Line[] = [];
  let nowMs = 1_764_000_000_000;
  const desk = await createDesk({
    userFolders,
    connect: async (folder) =>
      await connectLab(
        folder,
        async (takenOverFrom) =>
          await openLabWith(
            { folder, processHost: createForkHost(), host: "http", cacheDir: home, takenOverFrom, secrets: memorySecrets() },
            fakeDrivers(),
          ),
        { note: () => undefined, warn: () => undefined },
      ),
    look: lookAtExperiment,
    nowMs: () => (nowMs += 1000),
    note: () => undefined,
    onOpened: (line) => lines.push(line),
  });
  onTestFinished(async () => {
    await desk.close();
  });
  const router = createHostRouter({
    desk,
    userFolders,
    version: "0.0.0",
    kind: "browser",
    experiment: () => null,
    resources: join(home, "resources"),
  });
  return { home, desk, lines, router, client: createRouterClient(router, { context: { role: "owner" } }) };
}

const CONFIG = experimentConfigSchema.parse({});

describe("the experiments of a host", () => {
  it("are made in folders named after them, listed newest first, and found again by another host", async () => {
    const { home, client, desk } = await openDesk();
    const first = await client.experiments.create({ name: "Kürzere Antworten!", config: CONFIG });
    const second = await client.experiments.create({ name: "Kurzere Antworten", config: CONFIG });
    expect([first.folder, second.folder]).toEqual([
      join(home, "data/experiments/kurzere-antworten"),
      join(home, "data/experiments/kurzere-antworten-2"),
    ]);
    expect((await client.experiments.recent()).map(({ name, isOpen, key }) => [name, isOpen, key])).toEqual([
      ["Kurzere Antworten", true, second.key],
      ["Kürzere Antworten!", true, first.key],
    ]);
    await desk.close();

    const another = await openDesk(home);
    expect((await another.client.experiments.recent()).map(({ isOpen }) => isOpen)).toEqual([false, false]);
    // A page that was open before the host was started anew finds its experiment by its key.
    expect((await another.client.about({ key: first.key })).experiment).toEqual({ key: first.key, folder: first.folder });
    expect((await another.client.about({ key: "unknown" })).experiment).toBeNull();
    const line = await another.desk.line(first.key);
    expect((await (await line.client()).experiments.get())?.name).toBe("Kürzere Antworten!");
  });

  it("tell how they stand, from their databases, while their labs go on", async () => {
    const { home, client, desk } = await openDesk();
    const { key, folder } = await client.experiments.create({ name: "Haiku", config: CONFIG });
    const lab = await (await desk.line(key)).client();
    expect((await client.experiments.recent())[0]).toMatchObject({ policy: null, promptCount: 0, roundCount: 0, lastRound: null, best: null });
    await lab.policies.add({ path: makeCheckpoint(home, "base"), name: "r0" });
    await lab.experiments.importPrompts({
      path: "pasted",
      text: Array.from({ length: 12 }, (_, i) => JSON.stringify({ prompt: `Prompt ${i}`, split: i < 6 ? "training" : "validation" })).join("\n"),
    });
    await lab.rounds.start({});
    expect(await lab.rounds.settle()).toMatchObject({ state: "waitsForPeople" });
    const [card] = await client.experiments.recent();
    expect(card).toMatchObject({ folder, policy: "r0", promptCount: 12, roundCount: 1, problem: null, lastRound: { number: 1, isDone: false } });
    expect(card?.lastRound?.stages.map(({ stage, state, waitsForPeople }) => [stage, state, waitsForPeople])).toEqual([
      ["sample", "done", false],
      ["judge", "running", true],
      ["pair", "waiting", false],
      ["train", "waiting", false],
      ["evaluate", "waiting", false],
    ]);
  });

  it("say what is wrong with a folder instead of hiding it", async () => {
    const { home, client } = await openDesk();
    const { folder } = await client.experiments.create({ name: "Gone", config: CONFIG });
    writeFileSync(
      join(home, "config", "recent-experiments.json"),
      JSON.stringify({
        experiments: [
          { folder: join(home, "nowhere"), openedAtMs: 3 },
          { folder, openedAtMs: 2 },
          { folder: join(home, "broken"), openedAtMs: 1 },
        ],
      }),
    );
    mkdirSync(join(home, "broken"));
    writeFileSync(join(home, "broken", "experiment.db"), "this is no database, though it is long enough to look like one".repeat(20));
    const cards = await client.experiments.recent();
    expect(cards.map(({ name, problem }) => [name, problem])).toEqual([
      ["nowhere", "the folder is gone, or holds no experiment any more"],
      ["Gone", null],
      ["broken", expect.stringContaining("file is not a database")],
    ]);
  });

  it("leave the list and come back to it, their files untouched", async () => {
    const { client } = await openDesk();
    const { folder } = await client.experiments.create({ name: "Kept", config: CONFIG });
    const { openedAtMs } = await client.experiments.forget({ folder });
    expect(await client.experiments.recent()).toEqual([]);
    expect(existsSync(join(folder, "experiment.db"))).toBe(true);
    await expect(client.experiments.forget({ folder })).rejects.toThrow("is not on the list of experiments");
    await client.experiments.remember({ folder, openedAtMs });
    expect((await client.experiments.recent()).map((card) => [card.name, card.openedAtMs])).toEqual([["Kept", openedAtMs]]);
  });

  it("are not made over another, nor half", async () => {
    const { home, client, desk } = await openDesk();
    const { folder } = await client.experiments.create({ name: "There", config: CONFIG });
    await expect(client.experiments.create({ name: "Other", folder, config: CONFIG })).rejects.toThrow("there is an experiment in");
    const fresh = join(home, "deep", "fresh");
    await expect(
      desk.make("Fails", fresh, async () => {
        await Promise.resolve();
        throw new Error("no model could be written");
      }),
    ).rejects.toThrow("no model could be written");
    expect(existsSync(join(home, "deep"))).toBe(false);
    expect((await client.experiments.recent()).map((card) => card.name)).toEqual(["There"]);
    await expect(client.experiments.open({ folder: home })).rejects.toThrow("there is no experiment in");
  });

  it("that could not be made leave a folder that was there as it was, and it can be tried again", async () => {
    const { client, desk, home } = await openDesk();
    const folder = tempFolder();
    writeFileSync(join(folder, "notes.txt"), "mine");
    const config = experimentConfigSchema.parse({ oracle: { kind: "regex", pattern: "(" } });
    await expect(client.experiments.create({ name: "Bad", folder, config })).rejects.toThrow("regular expression");
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
    await client.experiments.create({ name: "Good", folder, config: CONFIG });
    expect((await client.experiments.recent()).map((card) => card.name)).toEqual(["Good"]);

    // The folder's name is the experiment's; one that cannot be makes no folder.
    await expect(openOrBegin(desk, join(home, " "), () => undefined)).rejects.toThrow("expected a folder's name of 1 to 200 characters");
    expect(existsSync(join(home, " "))).toBe(false);
  });

  it("that could not be made are left alone by whoever watches the labs of the host", async () => {
    const { desk, lines } = await openDesk();
    const folder = tempFolder();
    await expect(desk.make("Fails", folder, () => Promise.reject(new Error("no model could be written")))).rejects.toThrow();
    const [line] = lines;
    expect(line?.isClosed()).toBe(true);
    await expect(line?.client()).rejects.toThrow(`the lab of ${folder} is closed here`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("folders that are looked into", () => {
  it("tell models, adapters, experiments and prompts from what the lab cannot use", async () => {
    const { client } = await openDesk();
    const folder = tempFolder();
    const files = {
      "model/config.json": "{}",
      "model/model.safetensors": "",
      "adapter/adapter_config.json": "{}",
      "experiment/experiment.db": "",
      "b10/notes.txt": "",
      "b9/notes.txt": "",
      "small.gguf": "GGUF",
      "prompts.jsonl": "{}",
      "readme.md": "",
      ".hidden": "",
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const listing = await client.files.list({ path: folder });
    expect(listing.entries.map(({ name, use }) => [name, use])).toEqual([
      ["adapter", "adapter"],
      ["b9", "other"],
      ["b10", "other"],
      ["experiment", "experiment"],
      ["model", "checkpoint"],
      ["prompts.jsonl", "prompts"],
      ["readme.md", "other"],
      ["small.gguf", "checkpoint"],
    ]);
    expect((await client.files.list({ path: join(folder, "model") })).use).toBe("checkpoint");
    expect(listing.parent).toBe(join(folder, ".."));
    expect((await client.files.list({ path: "/" })).parent).toBeNull();
    await expect(client.files.list({ path: join(folder, "readme.md") })).rejects.toThrow("it is a file");
    await expect(client.files.list({ path: join(folder, "nothing") })).rejects.toThrow("there is no such folder");
  });
});

describe("the host's contract", () => {
  const methods = [
    "about",
    ...["experiments", "files"].flatMap((area) => Object.keys(hostContract[area as "files"]).map((name) => `${area}.${name}`)),
  ];

  it.each(roleSchema.options)("answers the role %s as it should, in every method", async (role: Role) => {
    const { router } = await openDesk();
    const client = createRouterClient(router, { context: { role } });
    for (const method of methods) {
      let target: unknown = client;
      for (const name of method.split(".")) target = (target as Readonly<Record<string, unknown>>)[name];
      const thrown: unknown = await (target as (input: unknown) => Promise<unknown>)({ folder: "/nowhere", what: "folder" }).then(
        () => null,
        (reason: unknown) => reason,
      );
      const isForbidden = thrown instanceof ORPCError && thrown.message.includes("needs the role owner");
      expect([method, isForbidden]).toEqual([method, role !== "owner"]);
    }
  });
});
