/** Several rounds on one request: each next one starts when the last is done, and whatever stops one stops all, with the reason. */
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { testJudgeServer } from "#tests/support/judge-server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { judged, openJudged } from "./judge-support.ts";
import { answerAll, countOf, openReadyLab, openTestLab, SCRIPTED, type Setup, setUp, type TestLab, violationsOf, workOf } from "./support.ts";

const SMALL: Setup = { training: 4, validation: 4 };

type Client = TestLab["client"];

async function run(client: Client, rounds?: number): Promise<Awaited<ReturnType<Client["rounds"]["settle"]>>> {
  await client.rounds.start(rounds === undefined ? {} : { rounds });
  return await client.rounds.settle();
}

/** Does something before the unit of that count, which waits for it. */
function at(count: number, work: () => Promise<unknown> | undefined): (unit: { readonly count: number }) => Promise<void> {
  return async (unit) => {
    if (unit.count === count) await work();
  };
}

async function doneRounds(client: Client): Promise<number[]> {
  return (await client.rounds.list()).filter((round) => round.isDone).map((round) => round.number);
}

describe("several rounds", () => {
  it("come to the same as rounds that are started one after the other", async () => {
    const [together, apart] = [await openReadyLab(SMALL), await openReadyLab(SMALL)];
    expect(await run(together.client, 3)).toEqual({ state: "done", error: null });
    for (let round = 1; round <= 3; round++) expect(await run(apart.client)).toEqual({ state: "done", error: null });
    expect(await doneRounds(together.client)).toEqual([1, 2, 3]);
    expect(workOf(together.db)).toEqual(workOf(apart.db));
    expect(countOf(together.db, "SELECT count(*) AS n FROM round_forecast")).toBe(3);
    expect(await together.client.rounds.series()).toBeNull();
    expect(violationsOf(together.db)).toEqual([]);
  });

  it("count the open round", async () => {
    const { client } = await openReadyLab(SMALL);
    await client.rounds.start({ until: "pair" });
    await client.rounds.settle();
    await run(client, 2);
    expect(await doneRounds(client)).toEqual([1, 2]);
  });

  it("are refused where only a part of a round is wanted", async () => {
    const { client, db } = await openReadyLab(SMALL);
    await expect(client.rounds.start({ until: "train", rounds: 2 })).rejects.toThrow(/expected 1 where a round is run up to the stage train/u);
    expect(countOf(db, "SELECT count(*) AS n FROM round")).toBe(0);
  });

  it.each([
    // 12 samples, training and 8 held-out samples a round.
    ["while the second round samples", 30],
    ["in the middle of the first", 5],
  ])("go on with all of them after a lab that is gone %s", async (_, count) => {
    const folder = tempFolder();
    const { promise: isThere, resolve: arrive } = Promise.withResolvers<void>();
    const beforeUnit = (unit: { readonly count: number }): Promise<void> | undefined => {
      if (unit.count !== count) return undefined;
      arrive();
      return new Promise(() => undefined);
    };
    const gone = await openTestLab(folder, { beforeUnit }, true);
    await setUp(gone, SMALL);
    await gone.client.rounds.start({ rounds: 3 });
    await isThere;

    const next = await openTestLab(folder);
    expect(await next.client.rounds.series()).toMatchObject({ firstRound: 1, lastRound: 3, problem: null });
    await next.client.rounds.resume();
    expect(await next.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await doneRounds(next.client)).toEqual([1, 2, 3]);
    const whole = await openReadyLab(SMALL);
    await run(whole.client, 3);
    expect(workOf(next.db)).toEqual(workOf(whole.db));
    expect(violationsOf(next.db)).toEqual([]);
  });

  it("go on after a lab that is gone between two of them", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, SMALL);
    await run(first.client);
    // As it stands when the first is done and the second not begun.
    await first.client.rounds.setLast({ round: 2 });
    await first.lab.close();

    const next = await openTestLab(folder);
    await next.client.rounds.resume();
    expect(await next.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await doneRounds(next.client)).toEqual([1, 2]);
    await expect(next.client.rounds.resume()).rejects.toThrow("round 2 is done; there is nothing to resume");
  });

  it("pause with the round that is open, and resume with all", async () => {
    const holder: { pause?: () => Promise<unknown> } = {};
    const { client } = await openReadyLab(SMALL, {
      beforeUnit: ({ count }) => {
        // It resolves when nothing runs, which is after this unit.
        if (count === 6) void holder.pause?.();
      },
    });
    holder.pause = () => client.rounds.pause();
    expect((await run(client, 2)).state).toBe("paused");
    expect(await doneRounds(client)).toEqual([]);
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("done");
    expect(await doneRounds(client)).toEqual([1, 2]);
  });

  it("stop with the reason where a stage fails", async () => {
    const { client } = await openReadyLab({ ...SMALL, config: { ...SCRIPTED, oracle: { kind: "regex", pattern: "no such word" } } });
    const settled = await run(client, 3);
    expect(settled).toMatchObject({ state: "failed", error: expect.stringMatching(/^round 1 made no preference pairs/u) as string });
    expect(await client.rounds.list()).toHaveLength(1);
    expect(await client.rounds.series()).toMatchObject({ lastRound: 3 });
  });

  it("stop with the reason where the next cannot be begun, and go on when that is mended", async () => {
    const holder: { spoil?: () => Promise<unknown> } = {};
    // The last of 12 samples, 2 steps and 8 held-out samples: the first round has all it needs.
    const { client } = await openReadyLab(SMALL, { beforeUnit: at(20, () => holder.spoil?.()) });
    const configure = (config: Readonly<Record<string, unknown>>): Promise<unknown> =>
      client.experiments.configure({ config: experimentConfigSchema.parse(config) });
    holder.spoil = () => configure({ ...SCRIPTED, pairs: { kind: "spin" } });
    const settled = await run(client, 2);
    expect(settled).toMatchObject({ state: "failed", error: expect.stringMatching(/no prompt of this experiment has one$/u) as string });
    expect(await doneRounds(client)).toEqual([1]);
    expect(await client.rounds.series()).toMatchObject({ lastRound: 2, problem: settled.error });

    await configure(SCRIPTED);
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await doneRounds(client)).toEqual([1, 2]);
  });

  it("stop at the cap of money in the second of three, say so, and go on with all when it is raised", async () => {
    const alone = { parallel: 1 };
    const whole = await openJudged(await testJudgeServer(), judged(), alone);
    const atMost = (await whole.client.rounds.judgeForecast())?.stages[0];
    const mostUsd = (atMost?.maxCostUsd ?? NaN) / (atMost?.requests ?? NaN);
    await run(whole.client, 3);
    const spent = (await whole.client.settings.budget()).rounds.map(({ spending }) => spending.paidUsd);

    const server = await testJudgeServer();
    const { client, db } = await openJudged(server, judged(), alone);
    // What the first costs and half of what the second does; what a request may cost at most is set aside while it is open.
    await client.settings.setCaps({ roundUsd: null, totalUsd: (spent[0] ?? NaN) + (spent[1] ?? NaN) / 2 + mostUsd });
    const settled = await run(client, 3);
    expect(settled).toMatchObject({
      state: "paused",
      error: expect.stringMatching(/of the cap of the experiment, .*raise the cap to go on$/u) as string,
    });
    expect(await doneRounds(client)).toEqual([1]);
    const calls = server.calls.length;
    const stages = (await client.rounds.list()).at(-1)?.stages ?? [];
    expect(stages.find(({ state }) => state === "paused")).toMatchObject({ error: settled.error });
    expect(await client.rounds.series()).toMatchObject({ firstRound: 1, lastRound: 3 });

    // As long as it is not raised nothing more is asked.
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("paused");
    expect(server.calls).toHaveLength(calls);
    await client.settings.setCaps({ roundUsd: null, totalUsd: 100 });
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await doneRounds(client)).toEqual([1, 2, 3]);
    expect(server.calls).toHaveLength(countOf(db, "SELECT count(*) AS n FROM judge_request"));
    expect(workOf(db)).toEqual(workOf(whole.db));
    expect(violationsOf(db)).toEqual([]);
  });

  it("wait for people and go on by themselves after the last answer", async () => {
    const people = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 }, training: { batchSize: 1 } };
    const { client } = await openReadyLab({ training: 2, validation: 2, config: people });
    expect((await run(client, 2)).state).toBe("waitsForPeople");
    for (let turns = 0; turns < 20 && (await doneRounds(client)).length < 2; turns++) {
      await answerAll(client);
      await client.rounds.settle();
    }
    expect(await doneRounds(client)).toEqual([1, 2]);
  });
});

describe("which round is to be the last", () => {
  it("can be said while a round runs: none after it, or more", async () => {
    const holder: { change?: () => Promise<unknown> } = {};
    const options = { beforeUnit: at(6, () => holder.change?.()) };
    const fewer = await openReadyLab(SMALL, options);
    holder.change = () => fewer.client.rounds.setLast({ round: 1 });
    expect((await run(fewer.client, 3)).state).toBe("done");
    expect(await doneRounds(fewer.client)).toEqual([1]);

    const more = await openReadyLab(SMALL, options);
    holder.change = () => more.client.rounds.setLast({ round: 2 });
    expect((await run(more.client)).state).toBe("done");
    expect(await doneRounds(more.client)).toEqual([1, 2]);
  });

  it("cannot be one that has been", async () => {
    const { client } = await openReadyLab(SMALL);
    await expect(client.rounds.setLast({ round: 1 })).rejects.toThrow("no round has been started yet");
    await run(client, 2);
    await expect(client.rounds.setLast({ round: 1 })).rejects.toThrow("expected 2 (the newest) or a later one, got 1");
  });

  it("is forgotten where a part of a round is asked for", async () => {
    const { client } = await openReadyLab(SMALL);
    await run(client);
    await client.rounds.setLast({ round: 4 });
    await client.rounds.start({ until: "sample" });
    await client.rounds.settle();
    expect(await client.rounds.series()).toBeNull();
  });
});
