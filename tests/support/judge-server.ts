/** An OpenAI-compatible server on loopback that judges by a rule and misbehaves as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type ReceivedCall = {
  /** From 1, in the order of arrival. */
  readonly count: number;
  readonly idempotencyKey: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: ChatBody;
};

export type ChatBody = {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly response_format?: { readonly type: string };
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
};

/** What the server does with one request. */
export type Behaviour =
  | { readonly kind: "answer"; readonly content: string; readonly more?: Completion }
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
  /** Says nothing, ever. */
  | { readonly kind: "silence" }
  /** Sends the headers and half of the body, and then nothing. */
  | { readonly kind: "stall"; readonly content: string }
  /** Closes the connection: before it says anything, or in the middle of the body. */
  | { readonly kind: "cut"; readonly content?: string }
  /** Status 200 with these bytes. */
  | { readonly kind: "raw"; readonly body: string }
  /** Answers after a while, whether or not somebody still listens. */
  | { readonly kind: "late"; readonly content: string; readonly afterMs: number };

export type Completion = {
  readonly model?: string;
  readonly finish?: string;
  readonly refusal?: string;
  readonly usage?: unknown;
  readonly logprobs?: readonly { readonly token: string; readonly logprob: number }[];
  readonly headers?: Readonly<Record<string, string>>;
};

export type JudgeServer = {
  /** Ends in /v1. */
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  behave: (call: ReceivedCall) => Behaviour;
  /** Goes away: what is under way is cut, and nothing listens any more. */
  close(): Promise<void>;
  /** Comes back, at the same address. */
  reopen(): Promise<void>;
};

export const SNAPSHOT = "judge-2026-01-01";

/** 100 tokens in, 20 out, unless told otherwise. */
export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

export function completion(content: string, more: Completion = {}): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: more.model ?? SNAPSHOT,
    choices: [
      {
        index: 0,
        finish_reason: more.finish ?? "stop",
        message: { role: "assistant", content, ...(more.refusal === undefined ? {} : { refusal: more.refusal }) },
        ...(more.logprobs === undefined ? {} : { logprobs: { content: [{ token: content, logprob: -0.1, top_logprobs: more.logprobs }] } }),
      },
    ],
    usage: "usage" in more ? more.usage : USAGE,
  };
}

/** The two responses of a pairwise question, as the shipped templates show them. */
export function shownTexts(body: ChatBody): readonly [string, string] {
  const content = body.messages.at(-1)?.content ?? "";
  const blocks = [...content.matchAll(/<<<([0-9a-f]{8})\n([\s\S]*?)\n\1>>>/gu)].map((match) => match[2] ?? "");
  return [blocks[1] ?? "", blocks[2] ?? ""];
}

/** Prefers the shorter response; equal lengths tie. */
export function shorterWins(call: Pick<ReceivedCall, "body">): Behaviour {
  const [a, b] = shownTexts(call.body);
  const verdict = a.length === b.length ? "tie" : a.length < b.length ? "A" : "B";
  return { kind: "answer", content: JSON.stringify({ reason: "It is shorter.", verdict, strength: "clear" }) };
}

export async function startJudgeServer(behave: JudgeServer["behave"] = shorterWins): Promise<JudgeServer> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    void receive(request).then((body) => {
      const call: ReceivedCall = {
        count: calls.length + 1,
        idempotencyKey: String(request.headers["idempotency-key"]),
        authorization: request.headers.authorization,
        headers: request.headers,
        body,
      };
      calls.push(call);
      act(response, judge.behave(call));
    });
  });
  const listen = async (at: number): Promise<void> => {
    await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const judge: JudgeServer = {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    behave,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    reopen: async () => {
      await listen(port);
    },
  };
  return judge;
}

/** Closed when the test ends. */
export async function testJudgeServer(behave?: JudgeServer["behave"]): Promise<JudgeServer> {
  const server = await startJudgeServer(behave);
  onTestFinished(async () => {
    await server.close();
  });
  return server;
}

async function receive(request: IncomingMessage): Promise<ChatBody> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += chunk as string;
  return JSON.parse(text) as ChatBody;
}

function act(response: ServerResponse, behaviour: Behaviour): void {
  switch (behaviour.kind) {
    case "answer":
      respond(response, 200, JSON.stringify(completion(behaviour.content, behaviour.more)), behaviour.more?.headers);
      return;
    case "status":
      respond(
        response,
        behaviour.status,
        JSON.stringify({ error: { message: behaviour.message ?? `status ${behaviour.status}` } }),
        behaviour.headers,
      );
      return;
    case "silence":
      return;
    case "raw":
      respond(response, 200, behaviour.body);
      return;
    case "late":
      setTimeout(() => {
        respond(response, 200, JSON.stringify(completion(behaviour.content)));
      }, behaviour.afterMs).unref();
      return;
    case "stall":
    case "cut": {
      const whole = JSON.stringify(completion(behaviour.content ?? ""));
      if (behaviour.kind === "cut" && behaviour.content === undefined) {
        response.destroy();
        return;
      }
      response.writeHead(200, { "content-type": "application/json", "content-length": String(Buffer.byteLength(whole)) });
      response.write(whole.slice(0, whole.length / 2), () => {
        if (behaviour.kind === "cut") response.destroy();
      });
      return;
    }
    default:
      behaviour satisfies never;
  }
}

function respond(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}
