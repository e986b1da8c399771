/** Judges behind OpenAI-compatible endpoints: asked within their limits, and again after what may pass. */
import { setTimeout as sleepFor } from "node:timers/promises";
import type OpenAI from "openai";
import { CancelledError, OracleError } from "#app/base/errors.ts";
import type { ChatCall, ChatEndpoints, ChatHooks, ChatReply, ChatWait } from "#app/rounds/ports.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import { createClient, errorIn, readCompletion, sendOnce } from "./chat-request.ts";
import { type Dialect, easierDialect, firstDialect } from "./dialect.ts";
import { createGovernor, type Governor } from "./governor.ts";
import { exhaustedForMs, retryAfterMs } from "./rate-headers.ts";
import { malformed, type SendFailure, toSendFailure } from "./send-failure.ts";

export type ChatEndpointsOptions = {
  /** The lab's way out, which the offline switch closes. */
  readonly fetch: typeof fetch;
  /** The first wait after a failure, doubled with each further one. */
  readonly backOffMs?: number;
  /** Sends of one call before the endpoint is given up. */
  readonly maxSends?: number;
  readonly nowMs?: () => number;
  readonly random?: () => number;
};

const BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 60_000;
/** An endpoint that asks for a longer pause is given up: whoever waits for the run should know. */
const LONGEST_PAUSE_MS = 15 * 60_000;
const MAX_SENDS = 8;
/** With what endpoints answer a parameter that they do not know; some (llama-cpp-python) with 500. */
const MISUNDERSTOOD: readonly number[] = [400, 422, 500, 501];

export function createChatEndpoints(options: ChatEndpointsOptions): ChatEndpoints {
  const { backOffMs = BACK_OFF_MS, maxSends = MAX_SENDS, nowMs = Date.now, random = Math.random } = options;
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleepFor(ms, undefined, { signal });
  };
  const governorByUrl = new Map<string, Governor>();
  const dialectByModel = new Map<string, Dialect>();

  const governorOf = (baseUrl: string): Governor => {
    const governor = governorByUrl.get(baseUrl) ?? createGovernor(nowMs, sleep);
    governorByUrl.set(baseUrl, governor);
    return governor;
  };

  const send = async (client: OpenAI, call: ChatCall, dialect: Dialect, governor: Governor): Promise<ChatReply | SendFailure> => {
    const startedAtMs = nowMs();
    try {
      const { body, headers } = await sendOnce(client, call, dialect);
      const exhaustedMs = exhaustedForMs(headers);
      if (exhaustedMs > 0) governor.holdUntil(nowMs() + Math.min(exhaustedMs, LONGEST_PAUSE_MS));
      const reply = readCompletion(body, call, nowMs() - startedAtMs);
      return typeof reply === "string" ? malformed(reply, errorIn(body), call.key) : reply;
    } catch (thrown) {
      return toSendFailure(thrown, call);
    }
  };

  return {
    ask: async (call, hooks, signal) => {
      const { endpoint, model } = call;
      const client = createClient(options.fetch, call);
      const governor = governorOf(endpoint.baseUrl);
      const dialectKey = JSON.stringify([endpoint.baseUrl, model, endpoint.structuredOutput, call.replySchema !== null]);
      let firstSentAtMs: number | undefined;
      let [failures, unreadable, failedAtMs] = [0, 0, 0];
      for (;;) {
        const turn = await governor.takeTurn(endpoint, call.tokensAbout, signal, firstSentAtMs !== undefined);
        const dialect = dialectByModel.get(dialectKey) ?? firstDialect(endpoint.structuredOutput);
        let answer: ChatReply | SendFailure;
        try {
          await hooks.beforeSend();
          firstSentAtMs ??= nowMs();
          answer = await send(client, call, dialect, governor);
        } catch (thrown) {
          turn.end(0);
          throw thrown;
        }
        turn.end("kind" in answer ? (answer.mayBePaid ? null : 0) : usedTokens(answer));
        if (!("kind" in answer)) {
          governor.noteReply();
          return answer;
        }
        await hooks.onLost(answer);
        const easier = MISUNDERSTOOD.includes(answer.status ?? 0) ? easierDialect(dialect, answer.reason, call) : undefined;
        if (easier !== undefined) {
          dialectByModel.set(dialectKey, easier);
          continue;
        }
        // Turned away while others are answered, it only waits for its turn. What fails in another way may be this question's doing.
        const isCrowded = isTurnedAway(answer, nowMs()) && call.maxSends === undefined && governor.lastReplyMs() >= failedAtMs;
        failures = isCrowded ? 1 : failures + 1;
        failedAtMs = nowMs();
        if (answer.kind === "unreadable") unreadable += 1;
        if (unreadable >= call.tries)
          throw new OracleError(endpointWords.unreadable(endpoint.name, unreadable, answer.reason), { endpoint: endpoint.name });
        const silentMs = failedAtMs - Math.max(firstSentAtMs, governor.lastReplyMs());
        await afterFailure(answer, { failures, silentMs }, call, hooks, signal, governor);
      }
    },
  };

  /** Waits as long as the failure asks for, or has everybody wait; throws where there is no use in going on. */
  async function afterFailure(
    failure: SendFailure,
    { failures, silentMs }: Pick<ChatWait, "failures" | "silentMs">,
    { endpoint, maxSends: ofCall = maxSends }: ChatCall,
    hooks: ChatHooks,
    signal: AbortSignal,
    governor: Governor,
  ): Promise<void> {
    const details = { endpoint: endpoint.name, status: failure.status };
    if (failure.kind === "refused") throw new OracleError(failure.reason, { ...details, refused: true });
    if (failure.kind === "endpoint") throw new OracleError(`${endpoint.name}: ${failure.reason}`, details);
    if (failures >= ofCall) throw new OracleError(endpointWords.didNotAnswer(endpoint.name, failures, failure.reason), details);
    const asked = failure.headers === null ? undefined : retryAfterMs(failure.headers, nowMs());
    if (asked !== undefined && asked > LONGEST_PAUSE_MS) {
      throw new OracleError(endpointWords.leaveAlone(endpoint.name, Math.round(asked / 60_000), failure.reason), details);
    }
    // Full jitter (Brooker 2015) where nothing was asked for; some of it on top where something was, so that not all come back at once.
    const spread = random() * Math.min(LONGEST_BACK_OFF_MS, backOffMs * 2 ** (failures - 1));
    const wait = asked === undefined ? spread : asked + Math.min(spread, backOffMs);
    hooks.onWait({ reason: failure.reason, failures, maxSends: ofCall, waitMs: wait, silentMs });
    // Too many requests, or a server that asks for a pause: that goes for all of them, and this one waits first in line.
    if (failure.status === 429 || asked !== undefined) {
      governor.holdUntil(nowMs() + wait);
      return;
    }
    await sleep(wait, signal).catch(() => {
      throw new CancelledError();
    });
  }
}

/** It was not taken, for nothing, as there is too much to do: it is not about this request. */
function isTurnedAway({ mayBePaid, status, headers }: SendFailure, nowMs: number): boolean {
  return !mayBePaid && (status === 429 || (headers !== null && retryAfterMs(headers, nowMs) !== undefined));
}

function usedTokens({ promptTokens, replyTokens }: ChatReply): number | null {
  return promptTokens === null || replyTokens === null || promptTokens < 0 || replyTokens < 0 ? null : promptTokens + replyTokens;
}
