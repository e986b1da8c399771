/** Policies looked at, tried on a prompt, and deleted: what stays, what no longer counts, what is refused. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TrialView } from "#app/contract/policy-details.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { countOf, makeCheckpoint, openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

async function tried(client: LabClient, policies: string[]): Promise<TrialView[]> {
  const said: TrialView[] = [];
  for await (const trial of await client.policies.try({ prompt: "Write a friendly note.", policies, seed: 4 })) said.push(trial);
  return said;
}

describe("a policy", () => {
  it("tells where it comes from and what it is made of", async () => {
    const { client } = await openReadyLab();
    await runRound(client);
    const first = await client.policies.describe({ policy: "r0" });
    expect(first).toMatchObject({
      lineage: ["r0"],
      origin: null,
      files: [{ name: "model.safetensors", sizeBytes: 4 }],
      sizeBytes: 4,
      checkpointBytes: 4,
    });
    const made = await client.policies.describe({ policy: "r1" });
    const [round] = await client.rounds.list();
    expect(made).toMatchObject({
      lineage: ["r0", "r1"],
      origin: {
        round: 1,
        pairs: round?.pairCount,
        steps: round?.stages[3]?.unitsDone,
        loss: "dno-prct",
        beta: 0.1,
        adapterRank: 16,
        seed: 7,
        keptStep: null,
      },
      checkpointBytes: 4,
    });
    expect(made.origin?.judgedBy.map((author) => author.answers)).toEqual([round?.stages[1]?.unitsDone]);
    expect(made.origin?.judgedBy[0]?.name).toMatch(/^script targetLength/u);
    expect(made.files.map((file) => file.name)).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(made.sizeBytes).toBe(made.files.reduce((sum, file) => sum + file.sizeBytes, 0));
  });
});

describe("a prompt on two policies", () => {
  it("is answered side by side as the text grows, and leaves no record", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    const before = db.all(
      "SELECT (SELECT count(*) FROM response) AS r, (SELECT count(*) FROM ask) AS a, (SELECT count(*) FROM prompt) AS p, (SELECT count(*) FROM event) AS e",
    );
    const said = await tried(client, ["r0", "r1"]);
    expect(
      db.all(
        "SELECT (SELECT count(*) FROM response) AS r, (SELECT count(*) FROM ask) AS a, (SELECT count(*) FROM prompt) AS p, (SELECT count(*) FROM event) AS e",
      ),
    ).toEqual(before);
    for (const place of [0, 1]) {
      const own = said.filter((trial) => trial.place === place);
      expect(own.at(-1)).toMatchObject({ policy: `r${place}`, finish: "endOfText" });
      for (const partial of own) expect(own.at(-1)?.text.startsWith(partial.text)).toBe(true);
      expect(own.length).toBeGreaterThan(1);
    }
    // The same seed, the same answer.
    expect((await tried(client, ["r0"])).at(-1)?.text).toBe(said.filter((trial) => trial.place === 0).at(-1)?.text);
  });

  it("ends when nobody watches any more, and says what is wrong", async () => {
    const [reached, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let units = 0;
    const { client } = await openReadyLab(
      {},
      {
        beforeUnit: async () => {
          units += 1;
          reached.resolve(undefined);
          await go.promise;
        },
      },
    );
    const stop = new AbortController();
    const events = await client.policies.try({ prompt: "Hello", policies: ["r0"] }, { signal: stop.signal });
    const reading = events.next();
    await reached.promise;
    stop.abort();
    go.resolve(undefined);
    await reading.catch(() => undefined);
    expect(units).toBe(1);
    await expect(tried(client, ["r9"])).rejects.toThrow('there is no policy "r9"');
  });
});

describe("deleting a policy", () => {
  it("takes the newest round back to before its training; everything stays, superseded", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    const { deletion } = await client.policies.describe({ policy: "r1" });
    expect(deletion).toMatchObject({ refusal: null, round: 1, responses: 24 });
    expect(deletion.judgments).toBe(countOf(db, "SELECT count(*) AS n FROM ask WHERE purpose = 'evaluation'"));
    const rows = countOf(db, "SELECT count(*) AS n FROM judgment") + countOf(db, "SELECT count(*) AS n FROM response");
    await client.policies.remove({ policy: "r1" });
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0"]);
    const [round] = await client.rounds.list();
    expect(round).toMatchObject({ newPolicy: null, isDone: false, winRates: [] });
    expect(round?.stages.map((stage) => stage.state)).toEqual(["done", "done", "done", "waiting", "waiting"]);
    expect(countOf(db, "SELECT count(*) AS n FROM judgment") + countOf(db, "SELECT count(*) AS n FROM response")).toBe(rows);
    expect(violationsOf(db)).toEqual([]);
    // The round goes on from there, and makes a policy of the same name.
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0", "r1"]);
  });

  it("is refused where something is built on it, with what", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    await runRound(client);
    for (const [policy, why] of [
      ["r0", "round 1 starts from r0"],
      ["r1", "round 2 starts from r1"],
    ] as const) {
      expect((await client.policies.describe({ policy })).deletion.refusal).toContain(why);
      await expect(client.policies.remove({ policy })).rejects.toThrow(why);
    }
    expect(countOf(db, "SELECT count(*) AS n FROM policy_removal")).toBe(0);
  });

  it("takes a policy that was added by hand out of the list", async () => {
    const { client, folder, db } = await openReadyLab();
    await client.policies.add({ path: makeCheckpoint(folder, "other"), name: "other" });
    expect((await client.policies.describe({ policy: "other" })).deletion).toEqual({ refusal: null, round: null, responses: 0, judgments: 0 });
    await client.policies.remove({ policy: "other" });
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0"]);
    expect(countOf(db, "SELECT count(*) AS n FROM policy WHERE name = 'other'")).toBe(1);
    // Its name and its weights are free again.
    await client.policies.add({ path: makeCheckpoint(folder, "another"), name: "other" });
    expect(violationsOf(db)).toEqual([]);
  });

  it("puts a policy back that was removed, unless its name or weights are another's now", async () => {
    const { client, folder, db } = await openReadyLab();
    await expect(client.policies.restore({ policy: "other" })).rejects.toThrow('no policy "other" was removed');
    const added = await client.policies.add({ path: makeCheckpoint(folder, "other"), name: "other" });
    await client.policies.remove({ policy: "other" });
    expect(await client.policies.restore({ policy: "other" })).toEqual(added);
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0", "other"]);
    await client.policies.remove({ policy: "other" });
    await client.policies.add({ path: makeCheckpoint(folder, "another"), name: "other" });
    await expect(client.policies.restore({ policy: "other" })).rejects.toThrow("choose another name");
    await client.policies.remove({ policy: "other" });
    await client.policies.add({ path: join(folder, "checkpoint-another"), name: "under another name" });
    // The newest of that name is the one that "another" was.
    await expect(client.policies.restore({ policy: "other" })).rejects.toThrow("has exactly these weights already");
    expect(violationsOf(db)).toEqual([]);
  });

  it("waits for what runs", async () => {
    const reached = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    const { client, folder } = await openReadyLab(
      {},
      {
        beforeUnit: async () => {
          reached.resolve(undefined);
          await go.promise;
        },
      },
    );
    await client.policies.add({ path: makeCheckpoint(folder, "other"), name: "other" });
    await client.rounds.start({ until: "sample" });
    await reached.promise;
    await expect(client.policies.remove({ policy: "other" })).rejects.toThrow("a round is running");
    go.resolve(undefined);
    await client.rounds.settle();
  });

  it("does not wait for people, who judge as long as they like", async () => {
    const { client, folder } = await openReadyLab({ config: { ...SCRIPTED, oracle: { kind: "people" } } });
    await client.policies.add({ path: makeCheckpoint(folder, "other"), name: "other" });
    expect((await runRound(client)).state).toBe("waitsForPeople");
    expect(await client.policies.remove({ policy: "other" })).toEqual({ policy: "other" });
  });
});
