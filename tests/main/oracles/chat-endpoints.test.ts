/** Judges over real HTTP, from a server that misbehaves in every way that servers do. */
import { describe, expect, it } from "vitest";
import { ConflictError } from "#app/base/errors.ts";
import { endpointSchema } from "#app/domain/endpoint.ts";
import type { ChatCall, ChatHooks, ChatReply } from "#app/rounds/ports.ts";
import { type ChatEndpointsOptions, createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { type Behaviour, completion, type JudgeServer, SNAPSHOT, testJudgeServer } from "#tests/support/judge-server.ts";

const KEY = "sk-canary-0123456789";
const GOOD: Behaviour = { kind: "answer", content: '{"verdict":"A"}' };

/** When a reply that never comes is given up. Where all replies come a busy machine has its time. */
const SOON_MS = 400;

type Tried = {
  readonly reply: ChatReply | undefined;
  readonly error: string;
  readonly details: object;
  readonly sends: number;
  readonly losses: readonly string[];
  readonly waits: readonly string[];
  /** For how long the endpoint had been silent at each wait, in ms. */
  readonly silences: readonly number[];
};

/** Asks once; the server does what it is told for each request in turn, and answers well after that. */
async function ask(
  first: readonly Behaviour[],
  call: Partial<ChatCall> = {},
  endpoint: object = {},
  options: Partial<ChatEndpointsOptions> = {},
): Promise<Tried & { server: JudgeServer }> {
  const server = await testJudgeServer((received) => first[received.count - 1] ?? GOOD);
  const isWaitedFor = first.some(({ kind }) => kind === "silence" || kind === "stall" || kind === "late");
  return { ...(await askAt(server, call, { timeoutMs: isWaitedFor ? SOON_MS : 60_000, ...endpoint }, options)), server };
}

async function askAt(
  server: Pick<JudgeServer, "url">,
  call: Partial<ChatCall> = {},
  endpoint: object = {},
  options: Partial<ChatEndpointsOptions> = {},
): Promise<Tried> {
  const chat = createChatEndpoints({ fetch, backOffMs: 1, ...options });
  let sends = 0;
  const losses: string[] = [];
  const waits: string[] = [];
  const silences: number[] = [];
  const hooks: ChatHooks = {
    beforeSend: () => {
      sends += 1;
      return Promise.resolve();
    },
    onLost: ({ reason, mayBePaid }) => {
      losses.push(`${mayBePaid ? "maybe paid" : "free"}: ${reason}`);
      return Promise.resolve();
    },
    onWait: ({ failures, maxSends, silentMs }) => {
      waits.push(`${failures} of ${maxSends}`);
      silences.push(silentMs);
    },
  };
  const whole: ChatCall = {
    endpoint: endpointSchema.parse({ name: "here", baseUrl: server.url, timeoutMs: 60_000, ...endpoint }),
    key: KEY,
    model: "judge",
    messages: [{ role: "user", content: "Which?" }],
    maxReplyTokens: 50,
    temperature: 0,
    replySchema: { type: "object" },
    wantsFirstTokens: false,
    idempotencyKey: "request-1",
    tokensAbout: 100,
    ...call,
  };
  try {
    return { reply: await chat.ask(whole, hooks, new AbortController().signal), error: "", details: {}, sends, losses, waits, silences };
  } catch (thrown) {
    const error = thrown as Error & { readonly details: object };
    return { reply: undefined, error: error.message, details: error.details, sends, losses, waits, silences };
  }
}

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

describe("what may pass", () => {
  it.each([
    ["429 without headers", { kind: "status", status: 429 }, /^free: 429/u],
    ["429 with Retry-After in seconds", { kind: "status", status: 429, headers: { "retry-after": "0" } }, /^free: 429/u],
    ["429 with a date", { kind: "status", status: 429, headers: { "retry-after": new Date(0).toUTCString() } }, /^free: 429/u],
    ["429 with nonsense", { kind: "status", status: 429, headers: { "retry-after": "soon" } }, /^free: 429/u],
    ["500", { kind: "status", status: 500 }, /^free: 500/u],
    ["503", { kind: "status", status: 503 }, /^free: 503/u],
    // The server or a gateway before it waited for the model, which may have answered: 408 too counted nothing once.
    ["408", { kind: "status", status: 408 }, /^maybe paid: 408/u],
    ["502", { kind: "status", status: 502 }, /^maybe paid: 502/u],
    ["504", { kind: "status", status: 504 }, /^maybe paid: 504/u],
    ["520 of a proxy", { kind: "status", status: 520 }, /^maybe paid: 520/u],
    ["524 of a proxy", { kind: "status", status: 524 }, /^maybe paid: 524/u],
    ["no reply in time", { kind: "silence" }, /^maybe paid: no reply in time/u],
    ["a reply that stops half-way", { kind: "stall", content: "x".repeat(500) }, /^maybe paid: no reply in time/u],
    ["a connection cut at once", { kind: "cut" }, /^maybe paid: the connection failed/u],
    ["a connection cut half-way", { kind: "cut", content: "x".repeat(500) }, /^maybe paid: the (?:connection failed|reply cannot be read)/u],
    ["a late reply", { kind: "late", content: "x", afterMs: 600 }, /^maybe paid: no reply in time/u],
    ["malformed JSON", { kind: "raw", body: '{"choices": [' }, /^maybe paid: the reply cannot be read/u],
    ["an empty body", { kind: "raw", body: "" }, /^maybe paid: /u],
    ["JSON of something else", { kind: "raw", body: '{"hello": 1}' }, /^maybe paid: the reply is malformed: choices/u],
    ["no choices", { kind: "raw", body: JSON.stringify({ ...completion("x"), choices: [] }) }, /^maybe paid: the reply is malformed/u],
    ["an HTML page", { kind: "raw", body: "<html>Bad gateway</html>" }, /^maybe paid: /u],
  ] as const)("%s is tried again under the same key, and told for what it may have cost", async (_name, behaviour, loss) => {
    const { reply, sends, losses, server } = await ask([behaviour]);
    expect(reply?.text).toBe('{"verdict":"A"}');
    expect([sends, losses.length]).toEqual([2, 1]);
    expect(losses[0]).toMatch(loss);
    expect(server.calls.map((call) => call.idempotencyKey)).toEqual(["request-1", "request-1"]);
  });

  it("is told with how long the endpoint has been silent, from the first send on", async () => {
    let nowMs = 1000;
    const server = await testJudgeServer(({ count }) => {
      nowMs += 40_000;
      return count <= 2 ? { kind: "status", status: 503 } : GOOD;
    });
    const { waits, silences } = await askAt(server, {}, {}, { nowMs: () => nowMs });
    expect(waits).toEqual(["1 of 8", "2 of 8"]);
    expect(silences).toEqual([40_000, 80_000]);
  });

  it("that nothing listens costs nothing, and is said with the address", async () => {
    const server = await testJudgeServer();
    await server.close();
    const { host } = new URL(server.url);
    const { error, losses, waits } = await askAt(server, {}, {}, { maxSends: 3 });
    const reason = `nothing listens at ${host}; does its server run? (ECONNREFUSED)`;
    expect(losses).toEqual(Array(3).fill(`free: ${reason}`));
    expect(waits).toEqual(["1 of 3", "2 of 3"]);
    expect(error).toBe(`the endpoint here did not answer 3 times in a row; the last time: ${reason}`);
  });

  it.each([
    ["ENOTFOUND", "free: the host judge.example cannot be found (ENOTFOUND)"],
    ["EHOSTUNREACH", "free: judge.example:8000 cannot be reached (EHOSTUNREACH)"],
    ["UND_ERR_CONNECT_TIMEOUT", "free: judge.example:8000 cannot be reached (UND_ERR_CONNECT_TIMEOUT)"],
    ["connect ETIMEDOUT", "free: judge.example:8000 cannot be reached (ETIMEDOUT)"],
    ["read ETIMEDOUT", "maybe paid: no reply in time"],
    ["ECONNRESET", "maybe paid: the connection failed (ECONNRESET)"],
  ])("a way that ends with %s may have been paid for only if it led there", async (end, loss) => {
    const [code = "", syscall = "none"] = end.split(" ").reverse();
    const failing = (): Promise<never> => Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(end), { code, syscall }) }));
    const { losses } = await askAt({ url: "https://judge.example:8000/v1" }, {}, {}, { maxSends: 1, fetch: failing });
    expect(losses).toEqual([loss]);
  });

  it("that the lab is switched offline costs nothing, and stops at once", async () => {
    const offline = (): Promise<never> => Promise.reject(new ConflictError("the lab is offline"));
    const { error, losses } = await askAt({ url: "https://judge.example/v1" }, {}, {}, { fetch: offline });
    expect([error, losses]).toEqual(["here: the lab is offline", ["free: the lab is offline"]]);
  });

  it("waits as long as Retry-After says, and not shorter", async () => {
    const waits: number[] = [];
    const times: number[] = [];
    const server = await testJudgeServer((call) => {
      times.push(performance.now());
      return call.count === 1 ? { kind: "status", status: 429, headers: { "retry-after-ms": "150" } } : GOOD;
    });
    await askAt(server);
    waits.push((times[1] ?? 0) - (times[0] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(150);
  });

  it("is given up after so many sends, and at once where the endpoint asks for too long a pause", async () => {
    const always = Array.from({ length: 9 }, (): Behaviour => ({ kind: "status", status: 503, message: "overloaded" }));
    const { error, sends } = await ask(always, {}, {}, { maxSends: 3 });
    expect(error).toMatch(/here did not answer 3 times in a row; the last time: 503 overloaded/u);
    expect(sends).toBe(3);
    expect((await ask(always, { maxSends: 2 })).sends).toBe(2);
    const long = await ask([{ kind: "status", status: 429, headers: { "retry-after": "7200" } }]);
    expect([long.sends, long.error]).toEqual([1, expect.stringMatching(/asks to be left alone for 120 minutes/u)]);
  });
});

describe("what does not pass", () => {
  it.each([
    [401, "Incorrect API key provided: sk-canary", /refuses the key \(status 401\); set another for it/u],
    [403, "no", /refuses the key/u],
    [404, "The model `judge` does not exist", /no such model or address/u],
    [402, "pay", /wants payment/u],
    [429, "You exceeded your current quota, please check your plan and billing details.", /used up/u],
    [400, "Unknown parameter: 'foo'", /Unknown parameter/u],
  ])("%i %s stops the endpoint after one send, for nothing", async (status, message, error) => {
    const tried = await ask([{ kind: "status", status, message }]);
    expect([tried.sends, tried.error, tried.losses.length]).toEqual([1, expect.stringMatching(error), 1]);
    expect(tried.details).not.toHaveProperty("refused");
    expect(tried.losses[0]).toMatch(/^free/u);
  });

  it("says where there is no key at all", async () => {
    const { error } = await ask([{ kind: "status", status: 401 }], { key: undefined });
    expect(error).toMatch(/wants a key, and there is none for it \(status 401\); set one for it and go on$/u);
  });

  it("and concerns this question alone does not stop the others", async () => {
    const { details } = await ask([{ kind: "status", status: 400, message: "This model's maximum context length is 8192 tokens." }]);
    expect(details).toMatchObject({ refused: true });
  });

  it("never tells the key, even if the endpoint does", async () => {
    const told = `Bad key ${KEY} in ${JSON.stringify({ authorization: `Bearer ${KEY}` })}`;
    for (const behaviour of [
      { kind: "status", status: 400, message: told },
      { kind: "status", status: 401, message: told },
      { kind: "status", status: 503, message: told },
    ] as const) {
      const tried = await ask(
        Array.from({ length: 3 }, () => behaviour),
        {},
        {},
        { maxSends: 2 },
      );
      expect(JSON.stringify([tried.error, tried.details, tried.losses])).not.toContain(KEY);
    }
  });
});

describe("an endpoint that points elsewhere", () => {
  it.each([301, 302, 303, 307, 308])("with %i is not followed: prompts go to nobody who was not named", async (status) => {
    const other = await testJudgeServer();
    const { error, sends, losses, server } = await ask([{ kind: "status", status, headers: { location: `${other.url}/chat/completions?a=1` } }]);
    expect([server.calls.length, other.calls.length, sends]).toEqual([1, 0, 1]);
    expect(error).toBe(`here: the endpoint points to ${other.url} (status ${status}), and nothing was sent there; name that address if you trust it`);
    expect(losses).toEqual([expect.stringMatching(/^free/u)]);
  });

  it("by a path, or nowhere, is told as it is", async () => {
    const { error, server } = await ask([{ kind: "status", status: 308, headers: { location: "/v2/chat/completions" } }]);
    expect(error).toContain(`points to ${server.url.replace("/v1", "/v2")} (status 308)`);
    expect((await ask([{ kind: "status", status: 307 }])).error).toMatch(/^here: the endpoint points elsewhere \(status 307\)/u);
  });
});

describe("what an endpoint does not understand", () => {
  it("is done without, and remembered: forms, lengths, temperatures, log-probabilities", async () => {
    const server = await testJudgeServer(({ body }) => {
      const refuse = (message: string): Behaviour => ({ kind: "status", status: 400, message });
      // As llama-cpp-python says it.
      if (body.response_format?.type === "json_schema") {
        return {
          kind: "status",
          status: 500,
          message: "1 validation error:\n {'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\"}",
        };
      }
      if (body.response_format?.type === "json_object") return refuse("'response_format' is not supported");
      if (body.max_tokens !== undefined) return refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
      if (body.temperature !== undefined) return refuse("Unsupported value: 'temperature' does not support 0");
      return GOOD;
    });
    const chat = createChatEndpoints({ fetch, backOffMs: 1 });
    const call: ChatCall = {
      endpoint: endpointSchema.parse({ name: "here", baseUrl: server.url }),
      key: undefined,
      model: "judge",
      messages: [{ role: "user", content: "Which?" }],
      maxReplyTokens: 50,
      temperature: 0,
      replySchema: { type: "object" },
      wantsFirstTokens: false,
      idempotencyKey: "1",
      tokensAbout: 10,
    };
    const hooks = { beforeSend: () => Promise.resolve(), onLost: () => Promise.resolve(), onWait: () => undefined };
    expect((await chat.ask(call, hooks, new AbortController().signal)).text).toBe('{"verdict":"A"}');
    expect(server.calls).toHaveLength(5);
    await chat.ask(call, hooks, new AbortController().signal);
    expect(server.calls).toHaveLength(6);
    expect(server.calls.at(-1)?.body).toEqual({ model: "judge", messages: [{ role: "user", content: "Which?" }], max_completion_tokens: 50 });
  });

  it("stops a form that was asked for by name", async () => {
    const refusal: Behaviour = { kind: "status", status: 400, message: "response_format is not supported" };
    const { error, server } = await ask([refusal], {}, { structuredOutput: "jsonSchema" });
    expect(error).toMatch(/response_format is not supported/u);
    expect(server.calls[0]?.body.response_format?.type).toBe("json_schema");
    expect((await ask([], {}, { structuredOutput: "none" })).server.calls[0]?.body.response_format).toBeUndefined();
    expect((await ask([], {}, { structuredOutput: "jsonObject" })).server.calls[0]?.body.response_format?.type).toBe("json_object");
  });
});
