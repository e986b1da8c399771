/**
 * A judge on a real model server: NASHLAB_JUDGE_URL names an OpenAI-compatible one that is running (llama-cpp-python's,
 * say), NASHLAB_JUDGE_MODEL its model. What is tested is the wire, not the judge: a small model judges badly.
 */
import { describe, expect, it } from "vitest";
import type { Row } from "#main/store/database.ts";
import { openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { writeRecord } from "#tools/results/record.ts";

const URL = process.env["NASHLAB_JUDGE_URL"];
const MODEL = process.env["NASHLAB_JUDGE_MODEL"] ?? "SmolLM2-135M-Instruct";
const REASON = URL === undefined ? "NASHLAB_JUDGE_URL names no running model server" : "";

async function judgedBy(oracle: object, more: object = {}): Promise<TestLab> {
  const sampling = { responsesPerPrompt: 2, maxNewTokens: 64 };
  const config = { ...SCRIPTED, sampling, oracle: { kind: "judge", endpoint: "real", model: MODEL, tries: 1, ...oracle }, ...more };
  const lab = await openReadyLab({ config, training: 1, validation: 4 });
  await lab.client.settings.saveEndpoint({ name: "real", baseUrl: URL ?? "", parallel: 2, timeoutMs: 300_000 });
  return lab;
}

const rows: (string | number)[][] = [];

/** What came of a judge stage, for the record. */
async function measure(name: string, lab: TestLab): Promise<Row> {
  const settled = await runRound(lab.client, "judge");
  expect(settled).toEqual({ state: "done", error: null });
  expect(violationsOf(lab.db)).toEqual([]);
  const sums =
    lab.db.get(`SELECT count(*) AS asks, sum(outcome = 'answered') AS usable, sum(prompt_tokens) AS prompt_tokens, sum(reply_tokens) AS reply_tokens,
      (SELECT count(*) FROM judgment WHERE probability IS NOT NULL) AS probabilities, (SELECT count(*) FROM judge_request) AS requests,
      (SELECT avg(duration_ms) FROM judge_request) AS ms FROM ask`) ?? {};
  const counts = (await lab.client.rounds.list())[0]?.stages[1]?.counts ?? {};
  rows.push([
    name,
    Number(sums["asks"]),
    Number(sums["requests"]),
    Number(sums["usable"]),
    `${counts["flips"] ?? 0} of ${counts["both orders"] ?? 0}`,
    Number(sums["probabilities"]),
    Number(sums["prompt_tokens"]),
    Number(sums["reply_tokens"]),
    Math.round(Number(sums["ms"])),
  ]);
  return sums;
}

describe.skipIf(URL === undefined)(`a judge on a real model server${REASON === "" ? "" : ` (${REASON})`}`, () => {
  it("answers a test, and says as whom", async () => {
    const { client } = await judgedBy({});
    const found = await client.settings.testEndpoint({ name: "real", model: MODEL, template: "pairwise-letter" });
    expect(found.snapshot).not.toBeNull();
    expect(found.durationMs).toBeGreaterThan(0);
  });

  it("compares in both orders with a reason, held to the form of its reply", async () => {
    const sums = await measure("pairwise", await judgedBy({}));
    expect(Number(sums["prompt_tokens"])).toBeGreaterThan(0);
  });

  it("compares by the log-probabilities of two letters", async () => {
    const lab = await judgedBy({ template: "pairwise-letter" });
    const sums = await measure("pairwise-letter", lab);
    // Where it finds neither letter likely its answer is not usable, and no side.
    expect(sums["probabilities"]).toBe(sums["usable"]);
    const given = "SELECT count(*) AS n FROM judge_request WHERE json_array_length(reply, '$.firstTokens') > 0";
    expect(lab.db.get(given)).toEqual({ n: sums["requests"] });
  });

  it("scores a list in the paper's way", async () => {
    const lab = await judgedBy({}, { judging: { mode: "listwise" }, pairs: { kind: "paper" } });
    await measure("listwise-6-point", lab);
    const { snapshot } = (await lab.client.settings.snapshots())[0] ?? {};
    writeRecord("real-judge", {
      section: "Correctness",
      title: "A judge on a real model server",
      summary: `Judge stages of a prompt with two responses (words at random, so that nothing is to be learnt from the verdicts), asked of a running OpenAI-compatible server that called its model "${snapshot ?? MODEL}".`,
      commands: [`NASHLAB_JUDGE_URL=http://127.0.0.1:8123/v1 NASHLAB_JUDGE_MODEL=${MODEL} npm run test:long -- tests/long/real-judge.test.ts`],
      sources: ["main/lab/judges", "main/oracles/endpoint", "app/judging", "resources/judge-templates"],
      tables: [
        {
          columns: ["template", "asks", "requests", "usable answers", "flips", "with a probability", "prompt tokens", "reply tokens", "ms a request"],
          rows: rows.map((row) => [...row]),
        },
      ],
      notes: [
        "A model of 135 million parameters judges badly, and mostly by place; what is tested is that replies of a real server are read, counted and paid for as they should be.",
      ],
    });
  });
});
