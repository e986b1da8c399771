/** What it means that a send brought no reply: whether it may be sent again, whether it may have been paid for. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { LabError } from "#app/base/errors.ts";
import type { ChatCall } from "#app/rounds/ports.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import type { HeadersLike } from "./rate-headers.ts";

export type SendFailure = {
  /**
   * again: it may pass; unreadable: a reply came whole, and may pass once or twice, as each is paid for; refused: this
   * question is not taken; endpoint: nothing can be asked there as it is.
   */
  readonly kind: "again" | "unreadable" | "refused" | "endpoint";
  /** One sentence without secrets. */
  readonly reason: string;
  /** It was lost on the way, and may have been answered and charged for. */
  readonly mayBePaid: boolean;
  readonly status: number | null;
  readonly headers: HeadersLike | null;
};

/** The key is taken out of whatever the endpoint said. */
export function toSendFailure(thrown: unknown, { key, endpoint }: Pick<ChatCall, "key" | "endpoint">): SendFailure {
  if (thrown instanceof APIConnectionError && thrown.cause instanceof NeverSent) {
    return { ...lost(unreached(thrown.cause.systemCode, new URL(endpoint.baseUrl))), mayBePaid: false };
  }
  // The lab's own switch.
  if (thrown instanceof APIConnectionError && thrown.cause instanceof LabError) {
    return { ...lost(thrown.cause.message), kind: "endpoint", mayBePaid: false };
  }
  if (thrown instanceof APIConnectionTimeoutError || thrown instanceof APIUserAbortError || isTimeout(thrown)) return lost(endpointWords.noReply);
  if (thrown instanceof APIConnectionError) return lost(endpointWords.connectionFailed(codeOf(innermost(thrown)) ?? innermost(thrown).message));
  if (thrown instanceof APIError) {
    const error: { readonly message: string; readonly status?: unknown; readonly headers?: unknown } = thrown;
    if (typeof error.status === "number") {
      if (error.status === 401 && (key === undefined || key === "")) return WITHOUT_KEY;
      const headers = error.headers instanceof Headers ? error.headers : null;
      const meant =
        error.status >= 300 && error.status < 400
          ? redirected(error.status, withoutKey(headers?.get("location") ?? "", key), endpoint.baseUrl)
          : ofStatus(error.status, withoutKey(error.message, key));
      return { ...meant, mayBePaid: MAY_HAVE_WORKED.has(error.status), status: error.status, headers };
    }
  }
  // A reply with status 200 that broke off, or is no JSON, which cannot be told apart: the work was done, and perhaps charged for.
  return lost(endpointWords.unreadableReply(withoutKey(thrown instanceof Error ? thrown.message : String(thrown), key)));
}

const WITHOUT_KEY: SendFailure = {
  kind: "endpoint",
  reason: endpointWords.wantsKey,
  mayBePaid: false,
  status: 401,
  headers: null,
};

/** A reply with status 200 and without what a chat completion has; `said` is the error that it tells of instead. */
export function malformed(what: string, said: string | undefined, key: string | undefined): SendFailure {
  return said === undefined ? { ...lost(endpointWords.malformed(what)), kind: "unreadable" } : lost(withoutKey(said, key));
}

/** The server, or a gateway before it, waited for the model and gave up, or lost its reply: the model may have done its work. */
const MAY_HAVE_WORKED: ReadonlySet<number> = new Set([408, 502, 504, 520, 524]);

/** Not followed: whoever named this endpoint has not named the other one. */
function redirected(status: number, location: string, baseUrl: string): Pick<SendFailure, "kind" | "reason"> {
  const to = location === "" ? null : URL.parse(location, `${baseUrl}${COMPLETIONS}`);
  const address = to === null ? undefined : `${to.protocol}//${to.host}${to.pathname.replace(COMPLETIONS, "")}`;
  return { kind: "endpoint", reason: endpointWords.pointsTo(address, status) };
}

const COMPLETIONS = "/chat/completions";

function ofStatus(status: number, message: string): Pick<SendFailure, "kind" | "reason"> {
  // What is said of a key may hold parts of it.
  if (status === 401 || status === 403) return { kind: "endpoint", reason: endpointWords.refusesKey(status) };
  if (status === 402) return { kind: "endpoint", reason: endpointWords.wantsPayment(message) };
  if (status === 404) return { kind: "endpoint", reason: endpointWords.noModel(message) };
  if (status === 429 && /insufficient_quota|exceeded your current quota|billing/iu.test(message)) {
    return { kind: "endpoint", reason: endpointWords.usedUp(message) };
  }
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return { kind: "again", reason: message };
  // A text that is too long or held to be harmful, or brought no JSON (Groq), is one question's matter; a parameter or a model is everybody's.
  return { kind: OF_ONE_QUESTION.test(message) ? "refused" : "endpoint", reason: message };
}

const OF_ONE_QUESTION =
  /context|too long|too large|maximum|token limit|content|policy|policies|safety|filter|flagged|moderat|failed[ _]generation|failed to generate/iu;

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError");
}

function lost(reason: string): SendFailure {
  return { kind: "again", reason, mayBePaid: true, status: null, headers: null };
}

/** There was no connection, so nothing was sent. Its message has nothing that the openai package takes for a late reply. */
class NeverSent extends Error {
  readonly systemCode: string;

  constructor(systemCode: string) {
    super("never sent");
    this.systemCode = systemCode;
  }
}

/**
 * What `fetch` threw, or that it never sent anything, by the system's code for it. To be asked before the openai package
 * sees it, which makes a late reply of a connection that took too long, and drops the code.
 */
export function asNeverSent(thrown: unknown): unknown {
  const inner = innermost(thrown);
  const code = codeOf(inner);
  if (code === undefined) return thrown;
  return NO_CONNECTION.has(code) || ("syscall" in inner && inner.syscall === "connect") ? new NeverSent(code) : thrown;
}

const NO_CONNECTION: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function unreached(code: string, { host, hostname }: URL): string {
  if (code === "ECONNREFUSED") return endpointWords.notListening(host, code);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return endpointWords.hostUnknown(hostname, code);
  return endpointWords.hostUnreached(host, code);
}

/** Where a host has several addresses, the failure of the first stands for all. */
function innermost(thrown: unknown): Error {
  if (thrown instanceof AggregateError && thrown.errors[0] instanceof Error) return thrown.errors[0];
  if (thrown instanceof Error) return thrown.cause instanceof Error ? innermost(thrown.cause) : thrown;
  return new Error(String(thrown));
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const MAX_MESSAGE = 300;

export function withoutKey(text: string, key: string | undefined): string {
  const line = text.trim().replace(/\s+/gu, " ");
  const clean = key === undefined || key === "" ? line : line.replaceAll(key, "[key]");
  return clean.length > MAX_MESSAGE ? `${clean.slice(0, MAX_MESSAGE)}...` : clean;
}
