/** Judges over real HTTP, from a server that misbehaves in every way that servers do. */
import { describe, expect, it } from "vitest";
import { ConflictError } from "#app/base/errors.ts";
import { createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { ask, askAt, callTo, GOOD, KEY, QUIET } from "#tests/support/ask-endpoint.ts";
import { type Behaviour, completion, testJudgeServer } from "#tests/support/judge-server.ts";

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

  it.each([
    "This model's maximum context length is 8192 tokens.",
    "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
  ])("and concerns this question alone does not stop the others: %s", async (message) => {
    const { details } = await ask([{ kind: "status", status: 400, message }]);
    expect(details).toMatchObject({ refused: true });
  });

  it("is given up after as many tries as an unusable answer where the reply came whole, as each was paid for", async () => {
    const always = Array.from({ length: 9 }, (): Behaviour => ({ kind: "raw", body: '{"hello": 1}' }));
    const tried = await ask(always);
    expect(tried.sends).toBe(2);
    expect(tried.error).toMatch(/2 replies of the endpoint here to one question came whole and cannot be read; the last time: .* choices/u);
    expect((await ask(always, { tries: 1 })).sends).toBe(1);
  });

  it("does pass where a gateway says with status 200 what went wrong behind it", async () => {
    const failed: Behaviour = { kind: "raw", body: JSON.stringify({ error: { message: `Provider returned error for ${KEY}`, code: 502 } }) };
    const { sends, losses } = await ask([failed, failed, failed]);
    expect([sends, losses]).toEqual([4, Array(3).fill("maybe paid: Provider returned error for [key]")]);
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
    const call = callTo(server.url);
    expect((await chat.ask(call, QUIET, new AbortController().signal)).text).toBe('{"verdict":"A"}');
    expect(server.calls).toHaveLength(5);
    await chat.ask(call, QUIET, new AbortController().signal);
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
