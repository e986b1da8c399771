/** Tries an endpoint with one comparison of two fixed texts: does it answer, as whom, with probabilities, at what cost. */
import { ConfigError, toLabError } from "#app/base/errors.ts";
import type { EndpointTest } from "#app/contract/endpoints.ts";
import { priceOf } from "#app/domain/endpoint.ts";
import { endpointJudgeSchema } from "#app/domain/judge.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import { endpointByName } from "#main/store/queries/endpoints.ts";
import { getCaps } from "../caps.ts";
import type { LabContext } from "../context.ts";
import { keyFor } from "./judge-terms.ts";
import type { MemberReply } from "./member-reply.ts";
import { askPaidJudge } from "./paid-judge.ts";
import { openPurse } from "./purse.ts";
import type { QuietWatch } from "./quiet-watch.ts";
import { loadTemplate } from "./templates.ts";

const QUESTION = {
  messages: [{ role: "user", content: "What is the capital of France? Answer in one word." }],
  texts: ["Paris", "I would rather talk about the weather, which has been mild."],
} as const;

/** Whoever tries an endpoint waits for it, and sees that they do. */
const NOT_WATCHED: QuietWatch = { sent: () => undefined, lost: () => undefined, answered: () => undefined, told: () => undefined };

export async function testEndpoint(
  lab: LabContext,
  input: { readonly name: string; readonly model: string; readonly template: string },
): Promise<EndpointTest> {
  const endpoint = endpointByName(lab.store.db, input.name);
  const template = loadTemplate(lab, input.template);
  if (template.mode !== "pairwise") throw new ConfigError(endpointWords.needsPairwise(template.name, template.mode));
  const startedAtMs = lab.clock.nowMs();
  let snapshot: string | null = null;
  try {
    lab.network.requireReachable(endpoint.baseUrl);
    const judge = {
      config: endpointJudgeSchema.parse({ kind: "judge", endpoint: endpoint.name, model: input.model, template: template.name, tries: 1 }),
      endpoint,
      key: await keyFor(lab, endpoint),
      template,
      price: priceOf(endpoint, input.model),
      member: 0,
      purse: openPurse(lab.store.db, null, () => getCaps(lab.store.db)),
      chat: {
        ask: async (...[call, hooks, signal]: Parameters<LabContext["chat"]["ask"]>) => {
          // Somebody waits for it.
          const reply = await lab.chat.ask({ ...call, maxSends: 2 }, hooks, signal);
          ({ snapshot } = reply);
          return reply;
        },
      },
      underWay: new Map<string, Promise<unknown>>(),
      onWait: () => undefined,
      quiet: NOT_WATCHED,
    };
    const reply = await askPaidJudge(lab, judge, { askId: null }, QUESTION, lab.closing);
    return {
      ok: reply.failure === null,
      found: reply.failure ?? sentence(reply),
      snapshot,
      durationMs: lab.clock.nowMs() - startedAtMs,
      costUsd: reply.costUsd,
      hasProbabilities: reply.shown?.probability != null,
    };
  } catch (thrown) {
    const { message } = toLabError(thrown);
    return { ok: false, found: message, snapshot, durationMs: lab.clock.nowMs() - startedAtMs, costUsd: null, hasProbabilities: false };
  }
}

/** A judge that prefers the wrong one answers all the same. */
function sentence({ shown }: MemberReply): string {
  const verdict = shown?.verdict;
  if (verdict?.kind !== "prefers") return endpointWords.test.answered(verdict?.kind);
  return verdict.winner === "first" ? endpointWords.test.right : endpointWords.test.wrong;
}
