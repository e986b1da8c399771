/** One ask with all that is known of it: what was shown, said, paid, and who wrote what. */
import type { AskId, ResponseId } from "#app/base/ids.ts";
import type { AskView } from "#app/contract/asks.ts";
import { factsOfAsk } from "#main/store/queries/ask-facts.ts";
import { requestsOfAsk } from "#main/store/queries/judge-requests.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { responseById } from "#main/store/queries/responses.ts";
import type { LabContext } from "../context.ts";

export function askView(lab: LabContext, askId: AskId): AskView {
  const { db } = lab.store;
  const { ask, facts, judgments, scoreByResponse, policyByResponse } = factsOfAsk(db, askId);
  const [shownFirst] = ask.shown;
  return {
    ...facts,
    askId,
    purpose: ask.purpose,
    mode: ask.mode,
    outcome: ask.outcome,
    messages: promptById(db, ask.promptId).messages.map((message) => ({ ...message })),
    shown: ask.shown.map((responseId: ResponseId) => {
      const { text, source } = responseById(db, responseId);
      return { responseId, text, source, policy: policyByResponse.get(responseId) ?? null, score: scoreByResponse.get(responseId) ?? null };
    }),
    templateVersion: ask.templateVersion ?? null,
    guidelineVersion: ask.guidelineVersion,
    judgments: judgments.map(({ judgment, author, isLive }) => ({
      id: judgment.id,
      author,
      verdict: judgment.verdict,
      isSwapped: judgment.firstId !== shownFirst,
      probability: judgment.probability,
      rationale: judgment.rationale,
      madeAtMs: judgment.madeAtMs,
      isLive,
      isRetraction: judgment.isRetraction,
    })),
    requests: requestsOfAsk(db, askId).map((request) => ({
      member: request.member,
      model: request.model,
      snapshot: request.snapshot,
      state: request.state,
      sends: request.sends,
      possiblyPaidTwice: request.unsureSends,
      costUsd: request.costUsd,
      promptTokens: request.promptTokens,
      replyTokens: request.replyTokens,
      durationMs: request.durationMs,
      error: request.error,
    })),
  };
}
