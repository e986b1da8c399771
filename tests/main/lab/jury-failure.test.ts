/** A jury of which one member cannot be asked: what the others were asked comes in and is kept. */
import { expect, it } from "vitest";
import { shorterWins, testJudgeServer } from "#tests/support/judge-server.ts";
import { openJudged } from "./judge-support.ts";
import { countOf, runRound, SCRIPTED, violationsOf } from "./support.ts";

it("the replies of the others are awaited and kept, and nobody is asked again once it is mended", async () => {
  const server = await testJudgeServer((call) => {
    if (call.body.model === "locked") return { kind: "status", status: 401 };
    const good = shorterWins(call);
    return { kind: "late", content: good.kind === "answer" ? good.content : "", afterMs: 300 };
  });
  const members = ["locked", "slow"].map((model) => ({ kind: "judge", endpoint: "here", model }));
  const { client, db } = await openJudged(server, { ...SCRIPTED, oracle: { kind: "jury", members } }, { prices: [] });
  const { state, error } = await runRound(client, "judge");
  expect([state, error]).toEqual(["failed", expect.stringMatching(/the endpoint wants a key/u)]);
  expect((await client.settings.budget()).total).toMatchObject({ openRequests: 0, openUsd: 0 });
  server.behave = shorterWins;
  await client.rounds.resume();
  expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
  const slow = server.calls.filter(({ body }) => body.model === "slow").map(({ idempotencyKey }) => idempotencyKey);
  expect(slow).toHaveLength(countOf(db, "SELECT count(*) AS n FROM ask"));
  expect(new Set(slow).size).toBe(slow.length);
  expect((await client.settings.budget()).total.possiblyPaidTwice).toBe(0);
  expect(violationsOf(db)).toEqual([]);
});
