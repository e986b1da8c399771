/** Rounds judged by a model behind an endpoint: over real HTTP, to the end. */
import { describe, expect, it } from "vitest";
import { SNAPSHOT, testJudgeServer } from "#tests/support/judge-server.ts";
import { openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "./support.ts";

export const PRICE = { model: "judge", inputUsdPerMillion: 10, outputUsdPerMillion: 100 };

/** Of one reply of the server: 100 tokens in and 20 out. */
const REPLY_USD = (100 * 10 + 20 * 100) / 1e6;

export function judged(more: object = {}): object {
  return { ...SCRIPTED, oracle: { kind: "judge", endpoint: "here", model: "judge", ...more } };
}

async function openJudged(url: string, config: object = judged(), endpoint: object = {}): Promise<TestLab> {
  const lab = await openReadyLab({ config: { ...config } });
  await lab.client.settings.saveEndpoint({ name: "here", baseUrl: url, prices: [PRICE], ...endpoint });
  return lab;
}

describe("a judge behind an endpoint", () => {
  it("judges a round in both orders, and what it said, cost and took is kept", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server.url);
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const asks = db.all("SELECT * FROM ask");
    expect(asks.length).toBeGreaterThan(40);
    expect(new Set(asks.map((ask) => ask["outcome"]))).toEqual(new Set(["answered"]));
    expect(server.calls).toHaveLength(asks.length);
    for (const ask of asks) {
      expect(ask).toMatchObject({ prompt_tokens: 100, reply_tokens: 20, cost_usd: REPLY_USD });
      expect(JSON.parse(String(ask["raw_reply"]))).toMatchObject({ reason: "It is shorter." });
      expect(String(ask["template_version"])).toMatch(/^[0-9a-f]{64}$/u);
    }
    const budget = await client.settings.budget();
    expect(budget.total).toMatchObject({ calls: asks.length, openUsd: 0, unsureUsd: 0, possiblyPaidTwice: 0 });
    expect(budget.total.paidUsd).toBeCloseTo(asks.length * REPLY_USD, 10);
    expect(db.all("SELECT snapshot FROM judge_snapshot WHERE accepted_at IS NOT NULL")).toEqual([{ snapshot: SNAPSHOT }]);
    // The shorter response wins in both orders, so no comparison flips.
    const [, judge] = (await client.rounds.list())[0]?.stages ?? [];
    expect(judge?.counts).toMatchObject({ flips: 0 });
    expect(violationsOf(db)).toEqual([]);
  });
});
