/** What is read of a judge's reply, and what is asked for, over real HTTP. */
import { describe, expect, it } from "vitest";
import { ask, KEY } from "#tests/support/ask-endpoint.ts";
import { type Behaviour, SNAPSHOT, USAGE } from "#tests/support/judge-server.ts";

describe("a reply", () => {
  it("comes with its text, its end, its snapshot and its figures", async () => {
    const { reply, sends, server } = await ask([]);
    expect(reply).toMatchObject({
      text: '{"verdict":"A"}',
      finish: "stop",
      refusal: null,
      firstTokens: null,
      snapshot: SNAPSHOT,
      promptTokens: 100,
      replyTokens: 20,
    });
    expect(sends).toBe(1);
    expect(server.calls[0]).toMatchObject({
      authorization: `Bearer ${KEY}`,
      idempotencyKey: "request-1",
      body: { model: "judge", max_tokens: 50, temperature: 0 },
    });
  });

  it("is asked for with what the lab says and nothing that the machine would tell", async () => {
    process.env["OPENAI_ORG_ID"] = "org-of-somebody";
    process.env["OPENAI_CUSTOM_HEADERS"] = "x-secret: 1";
    const { server } = await ask([]);
    delete process.env["OPENAI_ORG_ID"];
    delete process.env["OPENAI_CUSTOM_HEADERS"];
    const own = ["accept", "authorization", "content-type", "idempotency-key"];
    const transport = ["host", "connection", "content-length", "accept-encoding", "accept-language", "sec-fetch-mode", "user-agent"];
    expect(Object.keys(server.calls[0]?.headers ?? {}).filter((name) => !own.includes(name) && !transport.includes(name))).toEqual([]);
    const bare = await ask([], { key: undefined });
    expect(bare.server.calls[0]?.authorization).toBeUndefined();
  });

  it("tells a refusal, a filter and a cut from an answer", async () => {
    expect((await ask([{ kind: "answer", content: "", more: { refusal: "I will not." } }])).reply).toMatchObject({ refusal: "I will not." });
    expect((await ask([{ kind: "answer", content: "x", more: { finish: "content_filter" } }])).reply).toMatchObject({ finish: "filter" });
    expect((await ask([{ kind: "answer", content: "x", more: { finish: "length" } }])).reply).toMatchObject({ finish: "length" });
  });

  it("brings log-probabilities of the first token where they are asked for and given", async () => {
    const logprobs = [
      { token: "A", logprob: -0.2 },
      { token: "B", logprob: -1.7 },
    ];
    const answer: Behaviour = { kind: "answer", content: "A", more: { logprobs } };
    const { reply, server } = await ask([answer], { wantsFirstTokens: true, replySchema: null });
    expect(reply?.firstTokens).toEqual(logprobs);
    expect(server.calls[0]?.body).toMatchObject({ logprobs: true, top_logprobs: 20 });
    expect((await ask([answer])).reply?.firstTokens).toBeNull();
  });

  it.each([null, {}, { prompt_tokens: "many", completion_tokens: -3 }, "none", [1]])("with usage %j is a reply all the same", async (usage) => {
    const { reply } = await ask([{ kind: "answer", content: "x", more: { usage } }]);
    expect(reply?.text).toBe("x");
    expect(reply?.promptTokens).toBeNull();
  });
});

describe("a reply in parts", () => {
  it("is its text, without what was thought", async () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: '{"verdict":"B"}' }] };
    const content = [thinking, { type: "text", text: '{"verdict"' }, { type: "text", text: ':"A"}' }];
    const body = JSON.stringify({ model: SNAPSHOT, choices: [{ finish_reason: "stop", message: { role: "assistant", content } }], usage: USAGE });
    const { reply, sends } = await ask([{ kind: "raw", body }]);
    expect([reply?.text, sends]).toEqual(['{"verdict":"A"}', 1]);
  });
});

describe("tokens of a reply", () => {
  it.each([
    ["are those of the completion", { prompt_tokens: 100, completion_tokens: 20 }, 20],
    [
      "are all beside the prompt's, where thinking is counted in the total alone",
      { prompt_tokens: 100, completion_tokens: 20, total_tokens: 1120 },
      1020,
    ],
    ["are the completion's where the total is smaller", { prompt_tokens: 100, completion_tokens: 20, total_tokens: 20 }, 20],
    ["are the rest of the total where nothing else tells", { prompt_tokens: 100, total_tokens: 130 }, 30],
    ["are unknown without figures", { total_tokens: 130 }, null],
  ])("%s", async (_name, usage, tokens) => {
    const { reply } = await ask([{ kind: "answer", content: "x", more: { usage } }]);
    expect(reply?.replyTokens).toBe(tokens);
  });
});
