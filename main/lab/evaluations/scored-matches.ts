/** Held-out matches with what the oracle said of them: the score of each prompt, seen from the first player. */
import type { AttemptId, ResponseId } from "#app/base/ids.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Response } from "#app/domain/sampling.ts";
import { outcomesOfComparison } from "#app/preferences/both-orders.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import { characterCount } from "#app/statistics/response-traits.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { matchesOfAttempt, type StoredMatch } from "#main/store/queries/matches.ts";
import { responsesOfMatches } from "#main/store/queries/responses.ts";
import { configOfAttempt } from "#main/store/queries/rounds.ts";
import { judgedComparisons, needsBothOrders } from "../rounds/stages/evidence.ts";

export type ScoredMatch = StoredMatch & {
  /** 1, ½, 0 or a probability that the first player's response is preferred; null where no usable answer came. */
  readonly score: number | null;
  readonly firstResponse: Response | null;
  readonly secondResponse: Response | null;
  readonly isInBothOrders: boolean;
  readonly ordersDisagree: boolean;
  readonly judgments: readonly JudgedComparison[];
};

/** All matches of an attempt; judged or not. */
export function scoredMatches(db: ReadableDb, attemptId: AttemptId): ScoredMatch[] {
  const responses = new Map<ResponseId, Response>(responsesOfMatches(db, attemptId).map((response) => [response.id, response]));
  const judged = judgedComparisons(db, attemptId);
  const requireBothOrders = needsBothOrders(configOfAttempt(db, attemptId));
  const find = (id: ResponseId | null): Response | null => (id === null ? null : (responses.get(id) ?? null));
  return matchesOfAttempt(db, attemptId).map((match) => {
    const [first, second] = [find(match.firstResponseId), find(match.secondResponseId)];
    const verdict = scoreOf(first, second, judged.get(match.promptId) ?? [], requireBothOrders);
    return { ...match, ...verdict, firstResponse: first, secondResponse: second };
  });
}

type Verdict = Pick<ScoredMatch, "score" | "isInBothOrders" | "ordersDisagree" | "judgments">;

/** Identical texts count one half without being asked about; what was not answered in every order counts as missing. */
export function scoreOf(own: Response | null, other: Response | null, ofPrompt: readonly JudgedComparison[], requireBothOrders: boolean): Verdict {
  const unasked = { isInBothOrders: false, ordersDisagree: false, judgments: [] };
  if (own === null || other === null) return { ...unasked, score: null };
  if (own.text === other.text) return { ...unasked, score: 0.5 };
  const judgments = ofPrompt.filter(({ firstId, secondId }) => isPair(firstId, secondId, own.id, other.id));
  const { outcomes, counts } = outcomesOfComparison(judgments, (id) => id === own.id, requireBothOrders);
  const score = outcomes.length === 0 ? null : outcomes.reduce((sum, outcome) => sum + outcome.probability, 0) / outcomes.length;
  return { score, judgments, isInBothOrders: counts.bothOrders > 0, ordersDisagree: counts.flipped > 0 };
}

function isPair(firstId: ResponseId, secondId: ResponseId, a: ResponseId, b: ResponseId): boolean {
  return (firstId === a && secondId === b) || (firstId === b && secondId === a);
}

/** In characters (Unicode code points), as AlpacaEval counts; 0 for a response that is not there. */
export function lengthOf(response: Response | null): number {
  return response === null ? 0 : characterCount(response.text);
}

/** What a held-out response depends on besides policy and prompt: where it is equal, responses can be used again. */
export function evaluationSampling(config: Pick<ExperimentConfig, "sampling" | "evaluation" | "seed">): string {
  // Evaluations sample in float32, whatever rounds do.
  const { responsesPerPrompt: _perPrompt, temperature: _temperature, precision: _precision, ...sampling } = config.sampling;
  return JSON.stringify([config.seed, config.evaluation.temperature, Object.entries(sampling).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
