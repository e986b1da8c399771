/** One chat completion through the openai package: the request's body, and its reply as the lab reads it. */
import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import * as z from "zod";
import type { ChatCall, ChatReply } from "#app/rounds/ports.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import type { Dialect } from "./dialect.ts";
import type { HeadersLike } from "./rate-headers.ts";
import { asNeverSent } from "./send-failure.ts";

export function requestBody(call: ChatCall, dialect: Dialect): ChatCompletionCreateParamsNonStreaming {
  return {
    model: call.model,
    messages: call.messages.map(({ role, content }) => ({ role, content })),
    [dialect.lengthParameter]: call.maxReplyTokens,
    ...(dialect.hasTemperature ? { temperature: call.temperature } : {}),
    ...(call.replySchema === null ? {} : responseFormat(call.replySchema, dialect)),
    ...(call.wantsFirstTokens && dialect.topTokens > 0 ? { logprobs: true, top_logprobs: dialect.topTokens } : {}),
  };
}

function responseFormat(
  schema: NonNullable<ChatCall["replySchema"]>,
  dialect: Dialect,
): Pick<ChatCompletionCreateParamsNonStreaming, "response_format"> {
  switch (dialect.format) {
    case "jsonSchema":
      return { response_format: { type: "json_schema", json_schema: { name: "judgment", strict: true, schema: { ...schema } } } };
    case "jsonObject":
      return { response_format: { type: "json_object" } };
    case "none":
      return {};
    default:
      return dialect.format satisfies never;
  }
}

/** What a request carries beside its body: not the package's reports on the machine, nor headers from the environment. */
const SENT_HEADERS = ["accept", "authorization", "content-type", "idempotency-key"];

/** A client whose requests go out by `fetchOut` with these headers alone. */
export function createClient(fetchOut: typeof fetch, call: Pick<ChatCall, "endpoint" | "key">): OpenAI {
  const { endpoint, key } = call;
  return new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: key ?? "none",
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: async (url, init) => {
      const given = new Headers(init?.headers);
      const headers = SENT_HEADERS.filter((name) => name !== "authorization" || key !== undefined).flatMap((name): [string, string][] => {
        const value = given.get(name);
        return value === null ? [] : [[name, value]];
      });
      try {
        // Not followed: the prompts would go to a host that nobody named.
        return await fetchOut(url, { ...init, headers, redirect: "manual" });
      } catch (thrown) {
        throw asNeverSent(thrown);
      }
    },
  });
}

/** A text, or parts of which some are text and others what the model thought, say. */
const contentSchema = z.union([z.string(), z.array(z.object({ type: z.string().nullish(), text: z.unknown().optional() }))]);

/** Of a reply, only what is read of it; endpoints differ in the rest, and some send figures as texts. */
const completionSchema = z.object({
  model: z.string().nullish(),
  system_fingerprint: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: contentSchema.nullish(), refusal: z.string().nullish() }),
        logprobs: z
          .object({
            content: z.array(z.object({ top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish() })).nullish(),
          })
          .nullish()
          .catch(null),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.unknown().optional(), completion_tokens: z.unknown().optional(), total_tokens: z.unknown().optional() })
    .nullish()
    .catch(null),
});

const IDEMPOTENCY_HEADER = "idempotency-key";

export type Received = { readonly body: unknown; readonly headers: HeadersLike };

/** Sends once. Never aborted from outside, as what is under way is paid for; its time-out is the endpoint's. */
export async function sendOnce(client: OpenAI, call: ChatCall, dialect: Dialect): Promise<Received> {
  const { data, response } = await client.chat.completions
    .create(requestBody(call, dialect), {
      // The package's own time-out ends with the headers; the signal's goes on to the last byte.
      timeout: call.endpoint.timeoutMs,
      signal: AbortSignal.timeout(call.endpoint.timeoutMs),
      headers: { [IDEMPOTENCY_HEADER]: call.idempotencyKey },
    })
    .withResponse();
  return { body: data satisfies ChatCompletion, headers: response.headers };
}

/** The reply, or what is missing in it. */
export function readCompletion(body: unknown, call: ChatCall, durationMs: number): ChatReply | string {
  const parsed = completionSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return endpointWords.notACompletion(issue?.path.join("."), issue?.message);
  }
  const { model, system_fingerprint: fingerprint, choices, usage } = parsed.data;
  const [choice] = choices;
  if (choice === undefined) return endpointWords.noChoices;
  const { content, refusal } = choice.message;
  const top = choice.logprobs?.content?.[0]?.top_logprobs ?? null;
  return {
    text: textOf(content ?? ""),
    refusal: refusal == null || refusal === "" ? null : refusal,
    finish: finishOf(choice.finish_reason ?? null),
    firstTokens: call.wantsFirstTokens && top !== null && top.length > 0 ? top.map(({ token, logprob }) => ({ token, logprob })) : null,
    snapshot: model == null || model === "" ? call.model : model,
    fingerprint: fingerprint ?? null,
    promptTokens: tokens(usage?.prompt_tokens),
    replyTokens: replyTokens(tokens(usage?.prompt_tokens), tokens(usage?.completion_tokens), tokens(usage?.total_tokens)),
    durationMs,
  };
}

function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === "string") return content;
  return content.map(({ type, text }) => (type === "text" && typeof text === "string" ? text : "")).join("");
}

/** What went wrong behind a gateway that says so with status 200; undefined where nothing is said. */
export function errorIn(body: unknown): string | undefined {
  return z.object({ error: z.object({ message: z.string() }) }).safeParse(body).data?.error.message;
}

function finishOf(reason: string | null): ChatReply["finish"] {
  switch (reason) {
    case "stop":
    case "length":
      return reason;
    case "content_filter":
      return "filter";
    default:
      return "other";
  }
}

/** Some endpoints count a model's thinking in the total alone, and charge for it. */
function replyTokens(prompt: number | null, completion: number | null, total: number | null): number | null {
  return prompt === null || total === null ? completion : Math.max(completion ?? 0, total - prompt);
}

function tokens(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
