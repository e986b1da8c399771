/** Asks a judge over real HTTP once, and notes what came of it: each send, loss and wait. */
import { endpointSchema } from "#app/domain/endpoint.ts";
import type { ChatCall, ChatHooks, ChatReply } from "#app/rounds/ports.ts";
import { type ChatEndpointsOptions, createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { type Behaviour, type JudgeServer, testJudgeServer } from "./judge-server.ts";

export const KEY = "sk-canary-0123456789";
export const GOOD: Behaviour = { kind: "answer", content: '{"verdict":"A"}' };

/** For calls of which nobody wants to know how they went. */
export const QUIET: ChatHooks = { beforeSend: () => Promise.resolve(), onLost: () => Promise.resolve(), onWait: () => undefined };

/** One question to a server, but for what is said otherwise of the call and of its endpoint. */
export function callTo(baseUrl: string, call: Partial<ChatCall> = {}, endpoint: object = {}): ChatCall {
  return {
    endpoint: endpointSchema.parse({ name: "here", baseUrl, timeoutMs: 60_000, ...endpoint }),
    key: KEY,
    model: "judge",
    messages: [{ role: "user", content: "Which?" }],
    maxReplyTokens: 50,
    temperature: 0,
    tries: 2,
    replySchema: { type: "object" },
    wantsFirstTokens: false,
    idempotencyKey: "request-1",
    tokensAbout: 100,
    ...call,
  };
}

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
export async function ask(
  first: readonly Behaviour[],
  call: Partial<ChatCall> = {},
  endpoint: object = {},
  options: Partial<ChatEndpointsOptions> = {},
): Promise<Tried & { server: JudgeServer }> {
  const server = await testJudgeServer((received) => first[received.count - 1] ?? GOOD);
  const isWaitedFor = first.some(({ kind }) => kind === "silence" || kind === "stall" || kind === "late");
  return { ...(await askAt(server, call, { timeoutMs: isWaitedFor ? SOON_MS : 60_000, ...endpoint }, options)), server };
}

export async function askAt(
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
  try {
    return {
      reply: await chat.ask(callTo(server.url, call, endpoint), hooks, new AbortController().signal),
      error: "",
      details: {},
      sends,
      losses,
      waits,
      silences,
    };
  } catch (thrown) {
    const error = thrown as Error & { readonly details: object };
    return { reply: undefined, error: error.message, details: error.details, sends, losses, waits, silences };
  }
}
