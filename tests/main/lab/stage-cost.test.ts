/** What a stage says it has cost: the sum of its answered asks, and nothing where nothing is paid. */
import { expect, it } from "vitest";
import { testJudgeServer } from "#tests/support/judge-server.ts";
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
