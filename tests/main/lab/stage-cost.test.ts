/** What a stage says it has cost: the sum of its requests, and nothing where nothing is paid. */
import { expect, it } from "vitest";
import { shorterWins, testJudgeServer } from "#tests/support/judge-server.ts";
import { openJudged, REPLY_USD } from "./judge-support.ts";
import { openReadyLab, runRound } from "./support.ts";

it("is the judge's replies at their price, and no cost for a script", async () => {
  const { client, db } = await openJudged(await testJudgeServer());
  await runRound(client, "judge");
  const [round] = await client.rounds.list();
  const asks = Number(db.get("SELECT count(*) AS n FROM ask WHERE outcome = 'answered'")?.["n"]);
  expect(asks).toBeGreaterThan(0);
  expect(round?.stages[1]?.costUsd).toBeCloseTo(asks * REPLY_USD, 10);
  expect(round?.stages[0]?.costUsd).toBeNull();
  const scripted = await openReadyLab();
  await runRound(scripted.client);
  for (const stage of (await scripted.client.rounds.list())[0]?.stages ?? []) expect(stage.costUsd).toBeNull();
});

it("has every try in it, of asks that came to nothing too, and agrees with what was spent", async () => {
  // Of each three requests the first two are unusable: one ask fails after two tries, the next has its answer at once.
  const server = await testJudgeServer((call) => (call.count % 3 === 0 ? shorterWins(call) : { kind: "answer", content: "Both have merits." }));
  const { client, db } = await openJudged(server, undefined, { parallel: 1 });
  await runRound(client, "judge");
  expect(db.all("SELECT DISTINCT outcome, round(cost_usd / $reply) AS replies FROM ask ORDER BY outcome", { reply: REPLY_USD })).toEqual([
    { outcome: "answered", replies: 1 },
    { outcome: "failed", replies: 2 },
  ]);
  const { paidUsd } = (await client.settings.budget()).total;
  expect(paidUsd).toBeCloseTo(server.calls.length * REPLY_USD, 10);
  expect((await client.rounds.list())[0]?.stages[1]?.costUsd).toBeCloseTo(paidUsd, 10);
});
