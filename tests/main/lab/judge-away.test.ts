/** A judge's server that goes away in the middle of a round and comes back: nothing is lost, asked twice or counted as paid that was not. */
import { expect, it } from "vitest";
import { shorterWins, testJudgeServer } from "#tests/support/judge-server.ts";
import { openJudged, REPLY_USD } from "./judge-support.ts";
import { countOf, runRound, violationsOf } from "./support.ts";

const PARALLEL = 4;
const ANSWERED = 10;

it("a judge that goes away in mid-round stops the stage, and is asked only for the rest once it is back", async () => {
  // Ten replies, then silence; the server goes away with as many requests under way as it is asked at a time.
  const isFull = Promise.withResolvers<undefined>();
  const server = await testJudgeServer((call) => {
    if (call.count <= ANSWERED) return shorterWins(call);
    if (call.count === ANSWERED + PARALLEL) isFull.resolve(undefined);
    return { kind: "silence" };
  });
  const { client, db } = await openJudged(server, undefined, { parallel: PARALLEL });
  const stop = new AbortController();
  const news = listen(await client.rounds.watch(undefined, { signal: stop.signal }));
  const running = runRound(client, "judge");
  await isFull.promise;
  await server.close();
  const { error } = await running;
  stop.abort();
  const reason = `nothing listens at ${new URL(server.url).host}; does its server run? (ECONNREFUSED)`;
  expect(error).toBe(`the endpoint here did not answer 8 times in a row; the last time: ${reason}`);
  const told = await news;
  expect(told.silences[0]).toMatch(/^the endpoint here does not answer: .*\. It is asked again, after 3 of 8 tries$/u);
  expect(told.remarks.at(-1)).toMatch(/^the endpoint here does not answer: /u);
  const asks = countOf(db, "SELECT count(*) AS n FROM ask");
  expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE outcome = 'answered'")).toBe(ANSWERED);
  // What was cut may have been paid for, what was refused was not, however often it was tried.
  const before = (await client.settings.budget()).total;
  expect(before).toMatchObject({ calls: ANSWERED + PARALLEL, possiblyPaidTwice: PARALLEL });
  expect(before.paidUsd).toBeCloseTo(ANSWERED * REPLY_USD, 10);

  server.behave = shorterWins;
  await server.reopen();
  await client.rounds.resume();
  expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
  const sends = new Map<string, number>();
  for (const { idempotencyKey } of server.calls) sends.set(idempotencyKey, (sends.get(idempotencyKey) ?? 0) + 1);
  // Only what was under way is sent again, under its own key.
  expect([...sends.values()].filter((count) => count > 1)).toEqual(Array(PARALLEL).fill(2));
  expect(sends.size).toBe(asks);
  expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE outcome = 'answered'")).toBe(asks);
  const after = (await client.settings.budget()).total;
  expect(after).toMatchObject({ calls: asks, openUsd: 0, possiblyPaidTwice: PARALLEL });
  expect(after.paidUsd).toBeCloseTo(asks * REPLY_USD, 10);
  expect((await client.rounds.list())[0]?.stages[1]?.remarks).toEqual([]);
  expect(violationsOf(db)).toEqual([]);
});

it("a gateway that gave up waiting for its model may charge for it: possibly paid twice", async () => {
  const server = await testJudgeServer((call) => (call.count === 1 ? { kind: "status", status: 504 } : shorterWins(call)));
  const { client, db } = await openJudged(server, undefined, { parallel: 1 });
  expect(await runRound(client, "judge")).toEqual({ state: "done", error: null });
  expect((await client.settings.budget()).total).toMatchObject({ possiblyPaidTwice: 1, openRequests: 0 });
  expect(violationsOf(db)).toEqual([]);
});

it("a judge that takes requests and says nothing is told of long before the first of them is given up", async () => {
  const server = await testJudgeServer(() => ({ kind: "silence" }));
  const { client } = await openJudged(server, undefined, { parallel: 2, timeoutMs: 4000 });
  const stop = new AbortController();
  const events = await client.rounds.watch(undefined, { signal: stop.signal });
  const silent = Promise.withResolvers<string>();
  const listening = (async () => {
    for await (const event of events) if (event.type === "judge.wentSilent") silent.resolve(event.message);
  })().catch(() => undefined);
  const running = runRound(client, "judge");
  expect(await silent.promise).toBe("the endpoint here has given no answer for 1 s; each may take up to 4 s");
  expect((await client.rounds.list())[0]?.stages[1]?.judgeSilence).toMatch(/^the endpoint here /u);
  stop.abort();
  await listening;
  server.behave = shorterWins;
  await server.close();
  await server.reopen();
  expect(await running).toEqual({ state: "done", error: null });
});

type Told = { readonly silences: readonly string[]; readonly remarks: readonly string[] };

async function listen(events: AsyncIterable<{ readonly type: string }>): Promise<Told> {
  const told = { silences: new Array<string>(), remarks: new Array<string>() };
  try {
    for await (const event of events) {
      if (event.type === "judge.wentSilent" && "message" in event) told.silences.push(String(event.message));
      if (event.type === "stage.progressed" && "stage" in event) told.remarks.push(...(event.stage as { readonly remarks: string[] }).remarks); // as the contract has it
    }
  } catch {
    // Stopped from here.
  }
  return told;
}
