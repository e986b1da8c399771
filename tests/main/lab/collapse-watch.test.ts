/** The collapse watch of a round: stored with its evaluation, shown with its round and with the results. */
import { expect, it } from "vitest";
import { countOf, openReadyLab, openTestLab, runRound, SCRIPTED, setUp } from "./support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

it("measures the round's policy and the first on the same prompts, and is shown with the round and the results", async () => {
  const { client, db } = await openReadyLab({ validation: 10 });
  await runRound(client);
  await runRound(client);
  const [first, second] = await client.rounds.list();
  for (const [round, policy] of [
    [first, "r1"],
    [second, "r2"],
  ] as const) {
    expect(round?.watch).toMatchObject({ now: { policy, responses: 10 }, first: { policy: "r0", responses: 10, klNats: 0 } });
    // The stand-in finds everything less likely, the further it has moved.
    expect(round?.watch?.now.klNatsPerToken).toBeLessThan(0);
    expect(round?.watch?.now.perplexity).toBeGreaterThan(round?.watch?.first.perplexity ?? Number.POSITIVE_INFINITY);
    expect(round?.watch?.now.neutralTokens).toBeGreaterThan(100);
  }
  const overview = await client.results.overview({});
  expect(overview?.watch).toEqual([first?.watch, second?.watch]);
  expect((await client.results.overview({ split: "test" }))?.watch ?? []).toEqual([]);
  expect(countOf(db, "SELECT count(*) AS n FROM collapse_watch")).toBe(4);
});

it("looks at as many responses as the setting says, and at none where that is 0", async () => {
  const watched = async (watchResponses: number): Promise<number | undefined> => {
    const { client } = await openReadyLab({ validation: 6, config: { ...SCRIPTED, evaluation: { watchResponses } } });
    await runRound(client);
    return (await client.rounds.list())[0]?.watch?.now.responses;
  };
  expect(await watched(4)).toBe(4);
  expect(await watched(0)).toBeUndefined();
});

it("is there while people have yet to judge, and is not measured again when they have", async () => {
  const folder = tempFolder();
  const jobs: string[] = [];
  const options = { onJob: (kind: string) => void jobs.push(kind) };
  const { client } = await openTestLab(folder, options);
  const people = { ...SCRIPTED, oracle: { kind: "people" }, pairs: { kind: "spin" } } as const;
  await setUp({ client, folder }, { training: 0, validation: 3, config: people });
  const rows = [{ prompt: "One", teacher: "short words", split: "training" }];
  await client.experiments.importPrompts({ path: "taught.jsonl", text: rows.map((row) => JSON.stringify(row)).join("\n"), skipRejected: false });
  expect((await runRound(client)).state).toBe("waitsForPeople");
  expect((await client.rounds.list())[0]?.watch?.now).toMatchObject({ policy: "r1", responses: 3 });
  const before = jobs.filter((kind) => kind === "score").length;
  await client.rounds.pause();
  const [comparison] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
  expect(comparison).toBeDefined();
  await client.rounds.start({});
  await client.rounds.settle();
  expect(jobs.filter((kind) => kind === "score").length).toBe(before);
});
