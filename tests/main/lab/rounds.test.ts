/** Whole rounds with a scripted oracle, through the contract. */
import { describe, expect, it } from "vitest";
import type { LabEvent } from "#app/contract/rounds.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf, workOf } from "./support.ts";

describe("a round with a scripted oracle", () => {
  it("runs its five stages, makes a policy that the script prefers, and keeps the database's rules", async () => {
    const { client, db } = await openReadyLab();
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const [round] = await client.rounds.list();
    expect(round).toMatchObject({ number: 1, policy: "r0", newPolicy: "r1", isRunning: false, isDone: true });
    expect(round?.stages.map((stage) => [stage.stage, stage.state, stage.unitsDone === stage.unitsTotal])).toEqual(
      ["sample", "judge", "pair", "train", "evaluate"].map((stage) => [stage, "done", true]),
    );
    expect(round?.stages[0]).toMatchObject({ unit: "responses", unitsTotal: 24, attemptNumber: 1, counts: { responses: 24, skipped: 0 } });
    // Three responses are three comparisons, each in both orders.
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE purpose = 'training'")).toBeLessThanOrEqual(8 * 3 * 2);
    expect(round?.pairCount).toBeGreaterThan(0);
    expect(round?.winRates).toHaveLength(1);
    expect(round?.winRates[0]).toMatchObject({ policy: "r1", opponent: "r0", roles: ["previous", "first"], n: 24, missing: 0 });
    expect(round?.winRates[0]?.winRate).toBeGreaterThan(0.5);
    expect(round?.recommendation?.policy).toBe("r1");
    expect(violationsOf(db)).toEqual([]);
  });

  it("goes on from the policy of the round before and measures against it and the first", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    await runRound(client);
    const [, second] = await client.rounds.list();
    expect(second).toMatchObject({ number: 2, policy: "r1", newPolicy: "r2", isDone: true });
    expect(second?.winRates.map((row) => [row.opponent, row.roles, row.isSimultaneous])).toEqual([
      ["r1", ["previous"], true],
      ["r0", ["first"], true],
    ]);
    expect((await client.policies.list()).map((policy) => [policy.name, policy.parent, policy.roundNumber])).toEqual([
      ["r0", null, null],
      ["r1", "r0", 1],
      ["r2", "r1", 2],
    ]);
    expect((await client.results.table()).map((row) => row.round)).toEqual([1, 2]);
    expect(violationsOf(db)).toEqual([]);
  });

  it("does the same in another folder, whatever the ids", async () => {
    const [a, b] = [await openReadyLab(), await openReadyLab()];
    await runRound(a.client);
    await runRound(b.client);
    const work = workOf(a.db);
    expect(workOf(b.db)).toEqual(work);
    expect(work["pairs"]?.length).toBeGreaterThan(5);
    expect(work["judgments"]?.length).toBeGreaterThan(50);
  });

  it("stops after the stage that was named, and goes on from there", async () => {
    const { client } = await openReadyLab();
    await runRound(client, "judge");
    const states = async (): Promise<unknown> => (await client.rounds.list())[0]?.stages.map((stage) => stage.state);
    expect(await states()).toEqual(["done", "done", "waiting", "waiting", "waiting"]);
    await expect(client.rounds.resume()).rejects.toThrow("round 1 is done up to the stage judge; there is nothing to resume");
    await runRound(client);
    expect(await states()).toEqual(["done", "done", "done", "done", "done"]);
    expect(await client.rounds.list()).toHaveLength(1);
  });

  it("runs keep the configuration that they resolved", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client, "sample");
    const experiment = await client.experiments.get();
    if (experiment === null) throw new Error("no experiment");
    await client.experiments.configure({ config: { ...experiment.config, sampling: { ...experiment.config.sampling, responsesPerPrompt: 2 } } });
    await runRound(client);
    const configs = db.all("SELECT stage, config ->> '$.sampling.responsesPerPrompt' AS k FROM stage_attempt ORDER BY created_at, id");
    expect(configs.map((row) => [row["stage"], row["k"]])).toEqual([
      ["sample", 3],
      ["judge", 2],
      ["pair", 2],
      ["train", 2],
      ["evaluate", 2],
    ]);
  });

  it("takes the shards of the training prompts in turn", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, splits: { shards: 2 } }, training: 16 });
    await runRound(client);
    await runRound(client);
    const shards = db.all(
      `SELECT DISTINCT d.number, p.shard FROM response r JOIN stage_attempt a ON a.id = r.attempt_id JOIN round d ON d.id = a.round_id
       JOIN prompt p ON p.id = r.prompt_id WHERE a.stage = 'sample' ORDER BY d.number`,
    );
    expect(shards.map((row) => [row["number"], row["shard"]])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it("tells the last count of a burst, although nothing follows", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const { client } = await openReadyLab({}, { beforeUnit: ({ count }) => (count === 10 ? released : undefined) });
    await client.rounds.start({ until: "sample" });
    const unitsDone = async () => (await client.rounds.list())[0]?.stages.find(({ stage }) => stage === "sample")?.unitsDone;
    await expect.poll(unitsDone, { timeout: 5000 }).toBe(9);
    release(undefined);
    await client.rounds.settle();
  });

  it("says what goes on to whoever watches, in the order in which it happened", async () => {
    const { client } = await openReadyLab();
    const stop = new AbortController();
    const events = await client.rounds.watch(undefined, { signal: stop.signal });
    await runRound(client);
    const heard: LabEvent[] = [];
    for await (const event of events) {
      heard.push(event);
      if (event.type === "stage.changed" && event.stage.stage === "evaluate" && event.stage.state === "done") break;
    }
    stop.abort();
    const changes = heard.flatMap((event) => (event.type === "stage.changed" ? [`${event.stage.stage} ${event.stage.state}`] : []));
    expect(changes).toEqual(["sample", "judge", "pair", "train", "evaluate"].flatMap((stage) => [`${stage} running`, `${stage} done`]));
    const steps = heard.flatMap((event) => (event.type === "training.stepped" ? [event.step] : []));
    const metrics = await client.training.metrics({ round: 1 });
    expect(steps).toEqual(metrics.map((row) => row.step));
    expect(metrics[0]?.values["loss"]).toBe(Math.LN2);
  });

  it("skips prompts that cannot be sampled, and counts them as missing", async () => {
    const { client, db } = await openReadyLab({}, { tooLong: "prompt 3" });
    await runRound(client);
    const [round] = await client.rounds.list();
    expect(round?.stages[0]?.counts).toMatchObject({ skipped: 3, responses: 21 });
    expect(round?.winRates[0]).toMatchObject({ n: 23, missing: 1 });
    expect(violationsOf(db)).toEqual([]);
  });

  it("fails the training with the reasons when no pair was made", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, oracle: { kind: "regex", pattern: "no such word" } } });
    const settled = await runRound(client);
    expect(settled.state).toBe("failed");
    expect(settled.error).toMatch(/^round 1 made no preference pairs \(.*ties: \d+.*\), so there is nothing to train on/u);
    expect((await client.rounds.list())[0]?.stages[3]).toMatchObject({ state: "failed", error: settled.error });
    expect(violationsOf(db)).toEqual([]);
  });
});

describe("a round by listwise scores", () => {
  it("makes pairs by the paper's rule", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, judging: { mode: "listwise" }, pairs: { kind: "paper" } } });
    expect((await runRound(client)).state).toBe("done");
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE mode = 'listwise'")).toBeGreaterThan(0);
    expect(countOf(db, "SELECT count(*) AS n FROM preference_pair WHERE chosen_score < 5 OR chosen_score IS NULL")).toBe(0);
    expect(countOf(db, "SELECT count(*) AS n FROM preference_pair")).toBeGreaterThan(0);
    expect(violationsOf(db)).toEqual([]);
  });
});

describe("what a round needs", () => {
  const refused = async (setup: Parameters<typeof openReadyLab>[0], sentence: RegExp): Promise<void> => {
    const { client, db } = await openReadyLab(setup);
    await expect(client.rounds.start({})).rejects.toThrow(sentence);
    expect(countOf(db, "SELECT count(*) AS n FROM round")).toBe(0);
  };

  it("is looked at before anything is made", async () => {
    await refused({ training: 0 }, /needs training prompts to sample from/u);
    await refused({ validation: 0 }, /ends with an evaluation on validation prompts, and this experiment has none/u);
    await refused({ config: { ...SCRIPTED, pairs: { kind: "paper" } } }, /goes by scores, so expected judging.mode "listwise", got "pairwise"/u);
    await refused({ config: { ...SCRIPTED, pairs: { kind: "spin" } } }, /chooses teacher responses, and no prompt of this experiment has one/u);
    await refused({ config: { ...SCRIPTED, oracle: { kind: "people" }, judging: { mode: "listwise" } } }, /people compare two responses at a time/u);
    await refused({ config: { ...SCRIPTED, sampling: { responsesPerPrompt: 1 } } }, /expected at least 2/u);
  });

  it("is not looked at for stages that are not wanted yet", async () => {
    const { client } = await openReadyLab({ validation: 0 });
    expect((await runRound(client, "train")).state).toBe("done");
  });

  it("is looked at again before each stage, as settings may have been changed meanwhile", async () => {
    const listwise = { ...SCRIPTED, judging: { mode: "listwise" } };
    const configure = async (config: object): Promise<unknown> =>
      await client.experiments.configure({ config: experimentConfigSchema.parse(config) });
    const beforeUnit = async ({ count }: FakeUnit): Promise<void> => {
      if (count === 3) await configure({ ...listwise, oracle: { kind: "people" } });
    };
    const { client, db } = await openReadyLab({ config: listwise }, { beforeUnit });
    const misfit = expect.stringMatching(/people compare two responses at a time/u) as string;
    expect(await runRound(client)).toEqual({ state: "failed", error: misfit });
    expect(db.all("SELECT stage, state FROM stage_attempt")).toEqual([{ stage: "sample", state: "done" }]);
    expect((await client.rounds.forecast()).refusal).toEqual(misfit);
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "failed", error: misfit });
    expect(countOf(db, "SELECT count(*) AS n FROM ask")).toBe(0);
    // Nothing is given up for what could not be run.
    await expect(client.rounds.redo({ stage: "sample" })).rejects.toThrow("people compare two responses at a time");
    await configure(listwise);
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(countOf(db, "SELECT count(*) AS n FROM stage_attempt")).toBe(5);
  });

  it("is not asked of what was sampled before the settings changed", async () => {
    const { client } = await openReadyLab();
    await runRound(client, "sample");
    await client.experiments.configure({ config: experimentConfigSchema.parse({ ...SCRIPTED, sampling: { responsesPerPrompt: 1 } }) });
    expect((await runRound(client)).state).toBe("done");
  });
});
