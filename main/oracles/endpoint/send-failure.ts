/** What it means that a send brought no reply: whether it may be sent again, whether it may have been paid for. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import type { ChatCall } from "#app/rounds/ports.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import type { HeadersLike } from "./rate-headers.ts";

export type SendFailure = {
  /** again: it may pass; refused: this question is not taken; endpoint: nothing can be asked there as it is. */
  readonly kind: "again" | "refused" | "endpoint";
  /** One sentence without secrets. */
  readonly reason: string;
  /** It was lost on the way, and may have been answered and charged for. */
  readonly mayBePaid: boolean;
  readonly status: number | null;
  readonly headers: HeadersLike | null;
};

/** The key is taken out of whatever the endpoint said. */
export function toSendFailure(thrown: unknown, { key, endpoint }: Pick<ChatCall, "key" | "endpoint">): SendFailure {
  if (thrown instanceof APIConnectionTimeoutError || thrown instanceof APIUserAbortError || isTimeout(thrown)) return lost(endpointWords.noReply);
  if (thrown instanceof APIConnectionError) {
    const cause = causeOf(thrown);
    const unreached = neverSent(cause, new URL(endpoint.baseUrl));
    return unreached === undefined ? lost(endpointWords.connectionFailed(cause)) : { ...lost(unreached), mayBePaid: false };
  }
  if (thrown instanceof APIError) {
    const error: { readonly message: string; readonly status?: unknown; readonly headers?: unknown } = thrown;
    if (typeof error.status === "number") {
      if (error.status === 401 && (key === undefined || key === "")) return WITHOUT_KEY;
      const headers = error.headers instanceof Headers ? error.headers : null;
      return { ...ofStatus(error.status, withoutKey(error.message, key)), mayBePaid: false, status: error.status, headers };
    }
  }
  // A reply with status 200 that broke off, or is no JSON: the work was done, and perhaps charged for.
  return lost(endpointWords.unreadableReply(withoutKey(thrown instanceof Error ? thrown.message : String(thrown), key)));
}

const WITHOUT_KEY: SendFailure = {
  kind: "endpoint",
  reason: endpointWords.wantsKey,
  mayBePaid: false,
  status: 401,
  headers: null,
};

/** A reply with status 200 and without what a chat completion has. */
export function malformed(what: string): SendFailure {
  return lost(endpointWords.malformed(what));
}

function ofStatus(status: number, message: string): Pick<SendFailure, "kind" | "reason"> {
  // What is said of a key may hold parts of it.
  if (status === 401 || status === 403) return { kind: "endpoint", reason: endpointWords.refusesKey(status) };
  if (status === 402) return { kind: "endpoint", reason: endpointWords.wantsPayment(message) };
  if (status === 404) return { kind: "endpoint", reason: endpointWords.noModel(message) };
  if (status === 429 && /insufficient_quota|exceeded your current quota|billing/iu.test(message)) {
    return { kind: "endpoint", reason: endpointWords.usedUp(message) };
  }
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return { kind: "again", reason: message };
  // A text that is too long or held to be harmful is one question's matter; a parameter or a model is everybody's.
  return { kind: OF_ONE_QUESTION.test(message) ? "refused" : "endpoint", reason: message };
}

const OF_ONE_QUESTION = /context|too long|too large|maximum|token limit|content|policy|policies|safety|filter|flagged|moderat/iu;

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError");
}

function lost(reason: string): SendFailure {
  return { kind: "again", reason, mayBePaid: true, status: null, headers: null };
}

/** What failed before anything was sent, by the system's code for it; undefined for a connection that was there. */
function neverSent(code: string, { host, hostname }: URL): string | undefined {
  if (code === "ECONNREFUSED") return endpointWords.notListening(host, code);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return endpointWords.hostUnknown(hostname, code);
  return UNREACHED.has(code) ? endpointWords.hostUnreached(host, code) : undefined;
}

const UNREACHED: ReadonlySet<string> = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "UND_ERR_CONNECT_TIMEOUT"]);

function causeOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const inner = cause.cause instanceof Error ? cause.cause : cause;
  return "code" in inner && typeof inner.code === "string" ? inner.code : inner.message;
}

const MAX_MESSAGE = 300;

export function withoutKey(text: string, key: string | undefined): string {
  const line = text.trim().replace(/\s+/gu, " ");
  const clean = key === undefined || key === "" ? line : line.replaceAll(key, "[key]");
  return clean.length > MAX_MESSAGE ? `${clean.slice(0, MAX_MESSAGE)}...` : clean;
}
