/** An endpoint that takes fewer requests than are sent to it: all are answered, slowly. */
import { expect, it } from "vitest";
import type { ChatEndpoints } from "#app/rounds/ports.ts";
import { createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { callTo, GOOD, QUIET } from "#tests/support/ask-endpoint.ts";
import { type Behaviour, testJudgeServer } from "#tests/support/judge-server.ts";

const ASKS = 30;
const PARALLEL = 8;
/** One request is taken in so long; all others are told to come again after that. */
const WINDOW_MS = 50;

const TURNED_AWAY: Behaviour = { kind: "status", status: 429, headers: { "retry-after-ms": String(WINDOW_MS) } };

function askAnother(chat: ChatEndpoints, url: string): () => Promise<void> {
  return async () => {
    await chat.ask(callTo(url), QUIET, new AbortController().signal);
  };
}

it("an endpoint that answers one at a time and turns the others away answers all", async () => {
  let takenAtMs = -Infinity;
  const order: string[] = [];
  const server = await testJudgeServer(({ idempotencyKey }) => {
    if (performance.now() - takenAtMs < WINDOW_MS) return TURNED_AWAY;
    takenAtMs = performance.now();
    order.push(idempotencyKey);
    return GOOD;
  });
  const chat = createChatEndpoints({ fetch, backOffMs: 1 });
  const asks = Array.from({ length: ASKS }, (_, i) => String(i));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let key = asks[next++]; key !== undefined; key = asks[next++]) {
      await chat.ask(callTo(server.url, { idempotencyKey: key }, { parallel: PARALLEL }), QUIET, new AbortController().signal);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  expect([...order].sort((a, b) => Number(a) - Number(b))).toEqual(asks);
});

it("a question that the server fails on is given up, however many others are answered meanwhile", async () => {
  const server = await testJudgeServer(({ idempotencyKey }) => (idempotencyKey === "bad" ? { kind: "status", status: 500 } : GOOD));
  const chat = createChatEndpoints({ fetch, backOffMs: 1, maxSends: 4 });
  const signal = new AbortController().signal;
  const others = { ...QUIET, beforeSend: askAnother(chat, server.url) };
  await expect(chat.ask(callTo(server.url, { idempotencyKey: "bad" }), others, signal)).rejects.toThrow(/did not answer 4 times in a row/u);
});

it("a request that was turned away counts its tries where nobody is answered, or somebody waits for it", async () => {
  const server = await testJudgeServer(({ idempotencyKey }) => (idempotencyKey === "bad" ? { kind: "status", status: 429 } : GOOD));
  const chat = createChatEndpoints({ fetch, backOffMs: 1, maxSends: 4 });
  const signal = new AbortController().signal;
  await expect(chat.ask(callTo(server.url, { idempotencyKey: "bad" }), QUIET, signal)).rejects.toThrow(/did not answer 4 times in a row/u);
  const others = { ...QUIET, beforeSend: askAnother(chat, server.url) };
  const tested = callTo(server.url, { idempotencyKey: "bad", maxSends: 2 });
  await expect(chat.ask(tested, others, signal)).rejects.toThrow(/did not answer 2 times in a row/u);
});
