/** A judge stage killed again and again while its server misbehaves; the long one is tests/long/judge-kills.test.ts. */
import { expect, it } from "vitest";
import { liability } from "#main/lab/judges/purse.ts";
import { testJudgeServer } from "#tests/support/judge-server.ts";
import { misbehaving, prepareSoak, runSoak } from "#tests/support/judge-soak.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

it("answers each ask once, asks nothing again that was acknowledged, and counts what may have been paid twice", async () => {
  const folder = tempFolder();
  const server = await testJudgeServer(misbehaving(12));
  await prepareSoak(folder, { prompts: 8, responsesPerPrompt: 6 }, server.url);
  const soak = await runSoak(folder, server, 4, 220);
  expect(soak.asks).toBeGreaterThan(200);
  expect(soak).toMatchObject({ settled: { state: "done", error: null }, violations: [] });
  expect(soak).toMatchObject({ withoutOneAnswer: 0, askedAgain: 0, undercounted: 0 });
  // The kills and the server's misdeeds did lose replies.
  expect(soak.misbehaved).toBeGreaterThan(5);
  expect(soak.doublyPaid).toBeGreaterThan(0);
  expect(soak.possiblyPaidTwice).toBeGreaterThanOrEqual(soak.doublyPaid);
  // The bill is never more than what counted against the caps.
  expect(liability(soak.spending)).toBeGreaterThanOrEqual(soak.billUsd);
});
