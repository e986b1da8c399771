/** What an evaluation found, as it is shown: policies by name. */
import type * as z from "zod";
import type { AttemptId, PolicyId } from "#app/base/ids.ts";
import type { recommendationViewSchema, WinRateView } from "#app/contract/views.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { recommendationOf, winRatesOf } from "#main/store/queries/results.ts";

export type EvaluationView = {
  readonly winRates: WinRateView[];
  readonly recommendation: z.infer<typeof recommendationViewSchema> | null;
};

/** Empty while the attempt has found nothing yet. */
export function evaluationView(db: ReadableDb, attemptId: AttemptId): EvaluationView {
  const nameOf = (id: PolicyId): string => policyById(db, id).name;
  const recommendation = recommendationOf(db, attemptId);
  return {
    winRates: winRatesOf(db, attemptId).map(({ attemptId: _attempt, policyId, opponentId, roles, ...numbers }) => ({
      ...numbers,
      policy: nameOf(policyId),
      opponent: nameOf(opponentId),
      roles: [...roles],
    })),
    recommendation:
      recommendation === undefined
        ? null
        : { policy: nameOf(recommendation.policyId), verdict: recommendation.verdict, sentence: recommendation.sentence },
  };
}
