/** 20,000 comparisons by a judge over HTTP whose server misbehaves, in a lab that is killed twenty times. */
import { expect, it } from "vitest";
import { liability } from "#main/lab/judges/purse.ts";
import { testJudgeServer } from "#tests/support/judge-server.ts";
import { misbehaving, prepareSoak, runSoak } from "#tests/support/judge-soak.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

/** At least so many comparisons, each of two responses in one order. */
const ASKS = 20_000;
const SIZE = { prompts: 6, responsesPerPrompt: 64 };
const KILLS = 20;

it("each has one live answer, nothing acknowledged is asked again, and what may have been paid twice is counted", async () => {
  const folder = tempFolder();
  const server = await testJudgeServer(misbehaving(25));
  await prepareSoak(folder, SIZE, server.url);
  const startedAt = performance.now();
  const soak = await runSoak(folder, server, KILLS, ASKS);
  const minutes = (performance.now() - startedAt) / 60_000;
  expect(soak.asks).toBeGreaterThanOrEqual(ASKS);
  expect(soak).toMatchObject({ settled: { state: "done", error: null }, violations: [], withoutOneAnswer: 0, askedAgain: 0, undercounted: 0 });
  expect(soak.possiblyPaidTwice).toBeGreaterThanOrEqual(soak.doublyPaid);
  expect(liability(soak.spending)).toBeGreaterThanOrEqual(soak.billUsd);
  writeRecord("judge-kills", {
    section: "Robustness",
    title: "A judge over HTTP, killed twenty times",
    summary:
      "At least 20,000 comparisons judged over HTTP by a server on loopback that answers one request in 25 wrongly or not at all (429 with and without headers, 500, silence, cut connections, late replies, malformed and truncated JSON, refusals, token figures that cannot be), in a lab that was killed with SIGKILL twenty times.",
    commands: ["npm run test:long -- tests/long/judge-kills.test.ts"],
    sources: ["main/lab/judges", "main/lab/rounds/stages", "main/oracles/endpoint", "main/store/queries/judge-requests.ts", "app/judging"],
    tables: [
      {
        columns: ["what", "count"],
        rows: [
          ["comparisons", soak.asks],
          ["kills", soak.kills],
          ["requests that reached the server", soak.calls],
          ["of them without a reply that could be read", soak.misbehaved],
          ["comparisons without exactly one live answer", soak.withoutOneAnswer],
          ["requests sent again though their reply was acknowledged", soak.askedAgain],
          ["replies that the server would have charged for besides", soak.doublyPaid],
          ["replies that the lab counts as possibly paid twice", soak.possiblyPaidTwice],
          ["the server's bill, US dollars", Number(soak.billUsd.toFixed(2))],
          ["counted against the caps, US dollars", Number(liability(soak.spending).toFixed(2))],
        ],
      },
    ],
    notes: [
      `It took ${minutes.toFixed(0)} minutes. A reply that is lost when the lab dies cannot be told from one that never came: it counts as possibly paid twice.`,
    ],
  });
});
