/** Rounds judged by AI: over real HTTP, in both orders or as lists, within caps, from a cache, blind. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { liability } from "#main/lab/judges/purse.ts";
import { type Behaviour, type ReceivedCall, shorterWins, shownTexts, SNAPSHOT, testJudgeServer } from "#tests/support/judge-server.ts";
import { configure, judged, openJudged, PRICE, REPLY_USD } from "./judge-support.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

describe("a judge behind an endpoint", () => {
  it("judges a round in both orders, and what it said, cost and took is kept", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server);
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const asks = db.all("SELECT * FROM ask");
    expect(asks.length).toBeGreaterThan(20);
    expect(server.calls).toHaveLength(asks.length);
    for (const ask of asks) {
      expect(ask).toMatchObject({ outcome: "answered", prompt_tokens: 100, reply_tokens: 20, cost_usd: REPLY_USD });
      expect(JSON.parse(String(ask["raw_reply"]))).toMatchObject({ reason: "It is shorter." });
    }
    const budget = await client.settings.budget();
    expect(budget.total).toMatchObject({ calls: asks.length, openUsd: 0, unsureUsd: 0, possiblyPaidTwice: 0, unpriced: 0 });
    expect(budget.total.paidUsd).toBeCloseTo(asks.length * REPLY_USD, 10);
    expect(budget.rounds).toEqual([{ round: 1, spending: budget.total }]);
    expect(await client.settings.snapshots()).toMatchObject([{ endpoint: "here", model: "judge", snapshot: SNAPSHOT, isAccepted: true }]);
    // The shorter response wins in both orders, so no comparison flips.
    expect((await client.rounds.list())[0]?.stages[1]?.counts).toMatchObject({ flips: 0 });
    expect(violationsOf(db)).toEqual([]);
  });

  it("whose answers follow the place has every comparison flipped, and none makes a pair", async () => {
    const server = await testJudgeServer(() => ({ kind: "answer", content: '{"verdict":"A"}' }));
    const { client } = await openJudged(server);
    await runRound(client, "pair");
    const [, judge, pair] = (await client.rounds.list())[0]?.stages ?? [];
    expect(judge?.counts["flips"]).toBe(judge?.counts["both orders"]);
    expect(judge?.counts["flips"]).toBeGreaterThan(5);
    expect(pair?.unitsDone).toBe(0);
  });

  it("sees texts and letters: nothing that tells policies, rounds or ids", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server);
    await runRound(client);
    const secrets = db
      .all("SELECT id FROM response UNION SELECT id FROM policy UNION SELECT name FROM policy UNION SELECT id FROM prompt UNION SELECT id FROM ask")
      .map((row) => String(row["id"]));
    for (const { body } of server.calls) {
      const sent = JSON.stringify(body);
      for (const secret of secrets) expect(sent).not.toMatch(new RegExp(`\\b${secret}\\b`, "u"));
      expect(sent).not.toMatch(/policy|teacher|sample|round/iu);
    }
  });

  it("that says nothing usable is asked once more, and then has no side", async () => {
    const server = await testJudgeServer(() => ({ kind: "answer", content: "Both have their merits." }));
    const { client, db } = await openJudged(server);
    await runRound(client, "judge");
    const asks = countOf(db, "SELECT count(*) AS n FROM ask");
    expect(server.calls).toHaveLength(2 * asks);
    expect(db.all("SELECT DISTINCT outcome FROM ask")).toEqual([{ outcome: "failed" }]);
    expect(db.all("SELECT DISTINCT verdict FROM judgment")).toEqual([{ verdict: "invalid" }]);
    // What was paid for nothing was paid.
    expect((await client.settings.budget()).total.paidUsd).toBeCloseTo(2 * asks * REPLY_USD, 10);
  });

  it("that refuses is not asked again", async () => {
    const server = await testJudgeServer(() => ({ kind: "answer", content: "", more: { refusal: "I would rather not." } }));
    const { client, db } = await openJudged(server);
    await runRound(client, "judge");
    expect(server.calls).toHaveLength(countOf(db, "SELECT count(*) AS n FROM ask"));
    expect(String(db.get("SELECT reason FROM judgment LIMIT 1")?.["reason"])).toMatch(/the judge refused: "I would rather not\."/u);
  });

  it("counts figures that cannot be at the most that can be owed", async () => {
    const server = await testJudgeServer(
      (call) => ({ ...shorterWins(call), more: { usage: { prompt_tokens: 9e12, completion_tokens: 1 } } }) as Behaviour,
    );
    const { client, db } = await openJudged(server);
    await runRound(client, "judge");
    const { total } = await client.settings.budget();
    expect(total.oddUsage).toBe(total.calls);
    expect(total.paidUsd).toBeCloseTo(Number(db.get("SELECT sum(max_cost_usd) AS usd FROM judge_request")?.["usd"]), 10);
  });

  it.each([
    ["thinking that only the total counts", { prompt_tokens: 100, completion_tokens: 20, total_tokens: 1120 }, 1020],
    ["more tokens than were asked for", { prompt_tokens: 100, completion_tokens: 3000, total_tokens: 3100 }, 3000],
  ])("counts %s as reported, where that is more than was set aside", async (_name, usage, replyTokens) => {
    const server = await testJudgeServer((call) => ({ ...shorterWins(call), more: { usage } }) as Behaviour);
    const { client, db } = await openJudged(server);
    await runRound(client, "judge");
    const { total } = await client.settings.budget();
    expect(total.paidUsd).toBeCloseTo((total.calls * (100 * PRICE.inputUsdPerMillion + replyTokens * PRICE.outputUsdPerMillion)) / 1e6, 10);
    expect(db.all("SELECT DISTINCT prompt_tokens, reply_tokens FROM ask")).toEqual([{ prompt_tokens: 100, reply_tokens: replyTokens }]);
    expect(total.oddUsage).toBe(total.calls);
  });
});

describe("the cache", () => {
  it("answers the same questions again for nothing, in a redo as after another temperature and back", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server);
    await runRound(client, "judge");
    const calls = server.calls.length;
    await client.rounds.redo({ stage: "judge" });
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(server.calls).toHaveLength(calls);
    expect((await client.settings.budget()).total).toMatchObject({ calls, cached: calls });
    const verdicts = (state: string) =>
      db.all(
        `SELECT j.first_id, j.second_id, j.verdict FROM judgment j JOIN ask k ON k.id = j.ask_id JOIN stage_attempt a ON a.id = k.attempt_id
         WHERE (a.state = 'superseded') = ${state} ORDER BY k.ordinal`,
      );
    expect(verdicts("1")).toEqual(verdicts("0"));
    await configure(client, judged({ temperature: 1 }));
    await client.rounds.redo({ stage: "judge" });
    await client.rounds.settle();
    expect(server.calls).toHaveLength(2 * calls);
  });
});

describe("another snapshot", () => {
  const second = (call: ReceivedCall): Behaviour =>
    call.count > 5 ? ({ ...shorterWins(call), more: { model: "judge-2026-06-06" } } as Behaviour) : shorterWins(call);

  it("stops the run; once it is accepted, nothing that was paid is asked again", async () => {
    const server = await testJudgeServer(second);
    const { client, db } = await openJudged(server, judged(), { parallel: 1 });
    const settled = await runRound(client, "judge");
    expect(settled.state).toBe("failed");
    expect(settled.error).toMatch(/here now answers for judge as "judge-2026-06-06".*nashlab judge accept here judge-2026-06-06 --model judge/u);
    expect(server.calls).toHaveLength(6);
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("failed");
    expect(server.calls).toHaveLength(6);
    await client.settings.acceptSnapshot({ endpoint: "here", model: "judge", snapshot: "judge-2026-06-06" });
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(server.calls).toHaveLength(countOf(db, "SELECT count(*) AS n FROM ask"));
    await expect(client.settings.acceptSnapshot({ endpoint: "here", model: "judge", snapshot: "x" })).rejects.toThrow(
      /no reply of here for judge came from a snapshot "x"/u,
    );
  });

  it("stops a run again once that was taken back; what it has said stays, and one snapshot is always left", async () => {
    const server = await testJudgeServer(second);
    const { client, db } = await openJudged(server, judged(), { parallel: 1 });
    await runRound(client, "judge");
    const [pinned, other] = [SNAPSHOT, "judge-2026-06-06"].map((snapshot) => ({ endpoint: "here", model: "judge", snapshot }));
    if (pinned === undefined || other === undefined) throw new Error("expected two snapshots");
    await expect(client.settings.withdrawSnapshot(other)).rejects.toThrow(/no snapshot "judge-2026-06-06" of judge at here is accepted/u);
    await expect(client.settings.withdrawSnapshot(pinned)).rejects.toThrow(/is the only snapshot that may judge as judge/u);
    await client.settings.acceptSnapshot(other);
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("done");
    const judgments = countOf(db, "SELECT count(*) AS n FROM current_judgment");
    expect((await client.settings.withdrawSnapshot(other)).map(({ isAccepted }) => isAccepted)).toEqual([true, false]);
    expect(countOf(db, "SELECT count(*) AS n FROM current_judgment")).toBe(judgments);
    await client.rounds.redo({ stage: "judge" });
    expect((await client.rounds.settle()).error).toMatch(/here now answers for judge as "judge-2026-06-06"/u);
    expect(violationsOf(db)).toEqual([]);
  });

  it("is gone on with where the settings say so", async () => {
    const server = await testJudgeServer(second);
    const { client } = await openJudged(server, judged({ otherSnapshot: "accept" }), { parallel: 1 });
    expect((await runRound(client, "judge")).state).toBe("done");
    expect((await client.settings.snapshots()).map(({ isAccepted }) => isAccepted)).toEqual([true, true]);
  });
});

describe("money", () => {
  it("stops at the cap before the request that would go over, and goes on when it is raised", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server);
    await client.settings.setCaps({ roundUsd: 0.1, totalUsd: null });
    const settled = await runRound(client, "judge");
    expect(settled.state).toBe("paused");
    expect(settled.error).toMatch(
      /the next request may cost up to \$0\.\d+, and \$0\.\d+ of the cap of each round, \$0\.1000, is spent or set aside/u,
    );
    const { total } = await client.settings.budget();
    expect(total.calls).toBeGreaterThan(0);
    expect(liability(total)).toBeLessThanOrEqual(0.1);
    expect(total.openRequests).toBe(0);
    const [, judge] = (await client.rounds.list())[0]?.stages ?? [];
    expect([judge?.state, judge?.error]).toEqual(["paused", settled.error]);
    await client.settings.setCaps({ roundUsd: null, totalUsd: 0.1 });
    await client.rounds.resume();
    expect((await client.rounds.settle()).error).toMatch(/the cap of the experiment/u);
    await client.settings.setCaps({ roundUsd: 10, totalUsd: 10 });
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(server.calls).toHaveLength(countOf(db, "SELECT count(*) AS n FROM ask"));
  });

  it("that cannot be counted is not spent while there is a cap", async () => {
    const server = await testJudgeServer();
    const { client } = await openJudged(server);
    const elsewhere = { name: "here", baseUrl: "https://judge.example/v1" };
    await client.settings.saveEndpoint(elsewhere);
    await client.settings.allowHost({ host: "judge.example" });
    await expect(client.rounds.start({})).rejects.toThrow(/nobody has said what judge costs at here, so the cap cannot be kept/u);
    const forecast = await client.rounds.judgeForecast();
    expect(forecast).toMatchObject({ costUsd: null, problems: [expect.stringMatching(/nobody has said what judge costs/u)] });
  });

  it("is forecast before anything is sampled, exactly once it is, and then by measured replies", async () => {
    const server = await testJudgeServer();
    const { client } = await openJudged(server);
    const before = await client.rounds.judgeForecast();
    // 4 prompts with 3 responses: 3 comparisons in two orders each; 4 held-out prompts in two orders.
    expect(before?.stages).toMatchObject([
      { stage: "judge", asks: 24, requests: 24, isMeasured: false },
      { stage: "evaluate", asks: 8, requests: 8, isMeasured: false },
    ]);
    expect(before).toMatchObject({ round: 1, spentUsd: 0, capUsd: 10, hosts: [], problems: [] });
    expect(before?.stages[0]?.maxCostUsd).toBeGreaterThan(before?.stages[0]?.costUsd ?? Infinity);
    expect(server.calls).toHaveLength(0);
    await runRound(client, "judge");
    const after = await client.rounds.judgeForecast();
    const [judge, evaluate] = after?.stages ?? [];
    expect(judge).toMatchObject({ asks: 0, costUsd: 0 });
    expect(evaluate).toMatchObject({ asks: 8, promptTokens: 800, replyTokens: 160, isMeasured: true });
    expect(evaluate?.costUsd).toBeCloseTo(8 * REPLY_USD, 10);
    expect(after?.spentUsd).toBeCloseTo(server.calls.length * REPLY_USD, 10);
    await client.settings.setCaps({ roundUsd: 0.08, totalUsd: null });
    expect((await client.rounds.judgeForecast())?.problems).toEqual([expect.stringMatching(/it would pause on the way/u)]);
    await client.settings.setCaps({ roundUsd: null, totalUsd: 0.08 });
    expect((await client.rounds.judgeForecast())?.problems).toEqual([
      expect.stringMatching(/are expected for the experiment with round 1, and its cap is \$0\.08: it would pause on the way/u),
    ]);
    expect(await (await openReadyLab()).client.rounds.judgeForecast()).toBeNull();
  });
});

describe("lists", () => {
  /** As many points as a response has fewer characters than the longest, at most 6. */
  const byLength = ({ body }: ReceivedCall): Behaviour => {
    const blocks = [...(body.messages.at(-1)?.content ?? "").matchAll(/\(id\d+\):\n<<<([0-9a-f]{8})\n([\s\S]*?)\n\1>>>/gu)].map(
      (match) => match[2]?.length ?? 0,
    );
    const scores = blocks.map((length) => Math.min(6, Math.max(...blocks) - length));
    return {
      kind: "answer",
      content: JSON.stringify(
        Object.fromEntries(
          scores.flatMap((score, i) => [
            [`id${i + 1}_justification`, "It is so long."],
            [`id${i + 1}_score`, score],
          ]),
        ),
      ),
    };
  };

  it("of all responses are scored in one ask, and the paper's rule makes pairs of them", async () => {
    const server = await testJudgeServer((call) => (call.body.messages[0]?.content.includes("points") === true ? byLength(call) : shorterWins(call)));
    const { client, db } = await openJudged(server, judged({}, { judging: { mode: "listwise" }, pairs: { kind: "paper" } }));
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE mode = 'listwise'")).toBe(4);
    expect(countOf(db, "SELECT count(*) AS n FROM score")).toBe(12);
    expect(countOf(db, "SELECT count(*) AS n FROM preference_pair WHERE chosen_score >= 5 AND chosen_score - rejected_score < 1")).toBe(0);
    expect(countOf(db, "SELECT count(*) AS n FROM preference_pair")).toBeGreaterThan(0);
    const [ask] = db.all("SELECT id FROM ask WHERE mode = 'listwise'");
    const view = await client.judgments.ask({ askId: String(ask?.["id"]) });
    expect(view).toMatchObject({
      mode: "listwise",
      outcome: "answered",
      oracle: "judge",
      round: 1,
      stage: "judge",
      costUsd: REPLY_USD,
      judgments: [],
    });
    expect(view.shown.every(({ score, policy }) => score !== null && policy === "r0")).toBe(true);
    expect(view.requests).toMatchObject([{ state: "answered", snapshot: SNAPSHOT, sends: 1, possiblyPaidTwice: 0 }]);
    expect(view.rawReply).toContain("id1_score");
  });

  it("are not for juries, nor for policies as judges", async () => {
    const server = await testJudgeServer();
    const member = { kind: "localJudge", policy: "r0" };
    for (const oracle of [member, { kind: "jury", members: [member, SCRIPTED.oracle] }]) {
      const { client } = await openJudged(server, { ...SCRIPTED, oracle, judging: { mode: "listwise" }, pairs: { kind: "paper" } });
      await expect(client.rounds.start({})).rejects.toThrow(/compares two responses at a time/u);
    }
  });
});

describe("a template", () => {
  it("of the experiment's own folder goes first, and a run keeps to the version it was planned with", async () => {
    const server = await testJudgeServer();
    const { client, folder, db } = await openJudged(server, judged({ template: "mine" }), { parallel: 1 });
    const text = "mode: pairwise\nreply: json\nmax-reply-tokens: 50\n=== user\nMINE-ONE {{conversation}} {{first}} {{second}}";
    await expect(client.rounds.start({})).rejects.toThrow(
      /there is no judge template "mine"; there are listwise-6-point, pairwise, pairwise-letter/u,
    );
    mkdirSync(join(folder, "judge-templates"));
    writeFileSync(join(folder, "judge-templates", "mine.md"), text);
    expect((await client.settings.templates()).filter(({ isOwn }) => isOwn)).toMatchObject([{ name: "mine", mode: "pairwise", reply: "json" }]);
    await client.settings.setCaps({ roundUsd: 0.04, totalUsd: null });
    expect((await runRound(client, "judge")).state).toBe("paused");
    writeFileSync(join(folder, "judge-templates", "mine.md"), text.replace("ONE", "TWO"));
    await client.settings.setCaps({ roundUsd: null, totalUsd: null });
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("done");
    expect(server.calls.every(({ body }) => body.messages[0]?.content.startsWith("MINE-ONE") === true)).toBe(true);
    const calls = server.calls.length;
    await client.rounds.redo({ stage: "judge" });
    await client.rounds.settle();
    expect(server.calls).toHaveLength(2 * calls);
    expect(db.all("SELECT DISTINCT template_version FROM ask")).toHaveLength(2);
  });
});

describe("policies and juries", () => {
  it("a policy of the lab judges by the log-probabilities of its letters", async () => {
    const server = await testJudgeServer();
    const { client, db } = await openJudged(server, { ...SCRIPTED, oracle: { kind: "localJudge", policy: "r0" } });
    expect((await runRound(client, "judge")).state).toBe("done");
    // The stand-in engine finds both letters as likely.
    expect(db.all("SELECT DISTINCT verdict, probability FROM judgment")).toEqual([{ verdict: "tie", probability: 0.5 }]);
    expect(db.get("SELECT kind FROM author WHERE name LIKE 'r0 %'")).toEqual({ kind: "judge" });
    expect(server.calls).toHaveLength(0);
    await configure(client, { ...SCRIPTED, oracle: { kind: "localJudge", policy: "r9" } });
    // Refused before anything is superseded; it once began, and failed.
    await expect(client.rounds.redo({ stage: "judge" })).rejects.toThrow(/there is no policy "r9"/u);
  });

  it("a jury is asked member by member, and each vote is kept", async () => {
    const server = await testJudgeServer((call) =>
      call.body.model === "contrary" ? { kind: "answer", content: '{"verdict":"A"}' } : shorterWins(call),
    );
    const members = [
      { kind: "judge", endpoint: "here", model: "judge" },
      { kind: "judge", endpoint: "here", model: "contrary" },
      { kind: "targetLength", target: 0 },
    ];
    const { client, db } = await openJudged(server, { ...SCRIPTED, oracle: { kind: "jury", members } });
    await client.settings.setCaps({ roundUsd: null, totalUsd: null });
    expect((await runRound(client, "judge")).state).toBe("done");
    const asks = db.all("SELECT id, raw_reply FROM ask");
    expect(server.calls).toHaveLength(2 * asks.length);
    const votes = asks.map((ask) => (JSON.parse(String(ask["raw_reply"])) as { oracle: string }[]).map(({ oracle }) => oracle));
    expect(new Set(votes.map(String))).toEqual(new Set(["judge,contrary,targetLength"]));
    // The two that go by length outvote the one that goes by place.
    expect((await client.rounds.list())[0]?.stages[1]?.counts).toMatchObject({ flips: 0 });
    expect(shownTexts(server.calls[0]?.body ?? { model: "", messages: [] }).length).toBe(2);
  });
});
