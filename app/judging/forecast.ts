/** What so many asks of one judge take: tokens, money and time, from its own replies so far or from the texts to be shown. */
import { costUsd, type Endpoint, type Price } from "#app/domain/endpoint.ts";
import { type JudgeTemplate, replyTokensAtMost } from "./template.ts";
import { promptTokensAbout, promptTokensAtMost, USUAL_CHARACTERS_A_TOKEN } from "./token-bounds.ts";

/** How long a text is; tokens are estimated by characters and bounded by bytes, of which many writings have three each. */
export type Length = { readonly characters: number; readonly bytes: number };

/** Means over the asks to come. */
export type AskSize = { readonly conversation: Length; readonly response: Length; readonly shown: number };

/** Means over the replies of this judge so far. */
export type MeasuredReplies = { readonly promptTokens: number; readonly replyTokens: number; readonly durationMs: number };

export type JudgeForecastPart = {
  readonly requests: number;
  readonly promptTokens: number;
  readonly replyTokens: number;
  /** US dollars, about and at most; null without a price. */
  readonly costUsd: number | null;
  readonly maxCostUsd: number | null;
  readonly durationMs: number;
  readonly isMeasured: boolean;
};

/** Before anything was measured: a short reason and a verdict; a longer one for each candidate of a list. */
const USUAL_REPLY_TOKENS = { letter: 1, pairwise: 80, listwise: 90 } as const;
const USUAL_REPLY_MS = 2000;

export function forecastJudge(
  requests: number,
  size: AskSize,
  template: JudgeTemplate,
  endpoint: Pick<Endpoint, "parallel" | "requestsPerMinute" | "tokensPerMinute">,
  price: Price | undefined,
  tries: number,
  measured: MeasuredReplies | undefined,
): JudgeForecastPart {
  const { conversation, response, shown } = size;
  const shownCharacters = conversation.characters + shown * response.characters;
  const shownBytes = conversation.bytes + shown * response.bytes;
  const messages = [...template.messages, { role: "user" as const, content: "" }];
  const prompt = measured?.promptTokens ?? promptTokensAbout(messages, USUAL_CHARACTERS_A_TOKEN) + shownCharacters / USUAL_CHARACTERS_A_TOKEN;
  const reply = measured?.replyTokens ?? usualReply(template, shown);
  const most = { prompt: promptTokensAtMost(messages) + shownBytes, reply: replyTokensAtMost(template, shown) };
  return {
    requests,
    promptTokens: requests * prompt,
    replyTokens: requests * reply,
    costUsd: price === undefined ? null : requests * costUsd(price, prompt, reply),
    maxCostUsd: price === undefined ? null : requests * tries * costUsd(price, most.prompt, most.reply),
    durationMs: requests * msARequest(endpoint, prompt + reply, measured?.durationMs ?? USUAL_REPLY_MS),
    isMeasured: measured !== undefined,
  };
}

function usualReply(template: JudgeTemplate, shown: number): number {
  if (template.reply === "letter") return USUAL_REPLY_TOKENS.letter;
  return template.mode === "listwise" ? USUAL_REPLY_TOKENS.listwise * shown : USUAL_REPLY_TOKENS.pairwise;
}

/** By whichever is slowest: the replies themselves so many at a time, or the limits of requests and tokens a minute. */
function msARequest(limits: Pick<Endpoint, "parallel" | "requestsPerMinute" | "tokensPerMinute">, tokens: number, replyMs: number): number {
  const { parallel, requestsPerMinute, tokensPerMinute } = limits;
  const byRequests = requestsPerMinute === null ? 0 : 60_000 / requestsPerMinute;
  const byTokens = tokensPerMinute === null ? 0 : (60_000 * tokens) / tokensPerMinute;
  return Math.max(replyMs / parallel, byRequests, byTokens);
}
