/** What asks of a judge are expected to take, and at most. */
import { expect, it } from "vitest";
import { forecastJudge, type Length } from "#app/judging/forecast.ts";
import { renderQuestion } from "#app/judging/render-question.ts";
import { parseTemplate } from "#app/judging/template.ts";
import { promptTokensAtMost } from "#app/judging/token-bounds.ts";

const TEMPLATE = parseTemplate("mine", "mode: pairwise\nreply: json\nmax-reply-tokens: 50\n=== user\n{{conversation}} {{first}} {{second}}");
const LIMITS = { parallel: 1, requestsPerMinute: null, tokensPerMinute: null };
const PRICE = { model: "judge", inputUsdPerMillion: 1, outputUsdPerMillion: 0 };

const lengthOf = (text: string): Length => ({ characters: text.length, bytes: new TextEncoder().encode(text).length });

it.each(["The capital of France is Paris. ".repeat(40), "\u6cd5\u56fd\u7684\u9996\u90fd\u662f\u5df4\u9ece\u3002".repeat(40)])(
  "%s is expected to take no more than what is set aside for it, and about as much at most",
  (text) => {
    const size = { conversation: lengthOf(text), response: lengthOf(text), shown: 2 };
    const { maxCostUsd } = forecastJudge(1, size, TEMPLATE, LIMITS, PRICE, 1, undefined);
    const setAside = promptTokensAtMost(renderQuestion(TEMPLATE, { messages: [{ role: "user", content: text }], texts: [text, text] })) / 1e6;
    expect((maxCostUsd ?? 0) / setAside).toBeGreaterThan(0.9);
    expect((maxCostUsd ?? 0) / setAside).toBeLessThan(1.1);
  },
);
