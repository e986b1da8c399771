/** An evaluation in full: one win-rate row an opponent with intervals that hold together, and the recommendation. */
import type { AttemptId, PolicyId } from "#app/base/ids.ts";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";
import { recommend } from "./recommendation.ts";
import { type IntervalSettings, type MeanWithInterval, simultaneousIntervals } from "./simultaneous-intervals.ts";
import { meanLengthsOf, type OpponentOutcomes } from "./win-rate.ts";

export type EvaluationInput = IntervalSettings & {
  readonly policyId: PolicyId;
  readonly attemptId: AttemptId;
  /** One entry a distinct opponent; the one that is previous and first at once names both roles. */
  readonly opponents: readonly OpponentOutcomes[];
  /** True if no score explains the verdicts so far (`answerCircles`). */
  readonly hasNoScore: boolean;
};

export type EvaluationSummary = { readonly rows: readonly WinRateRow[]; readonly recommendation: Recommendation };

/**
 * The rows' intervals are simultaneous (`simultaneousIntervals`). Equal inputs give equal rows, whatever the order of
 * prompts. Throws DataError for scores outside [0, 1] and for two outcomes of one prompt.
 */
export function summariseEvaluation(input: EvaluationInput): EvaluationSummary {
  const { opponents } = input;
  const means = simultaneousIntervals(
    opponents.map((opponent) => opponent.outcomes),
    input,
  );
  const rows = means.flatMap((mean, j) => {
    const opponent = opponents[j];
    return opponent === undefined ? [] : [toRow(input, opponent, mean)];
  });
  return { rows, recommendation: recommend(input.policyId, rows, input.confidence, input.hasNoScore) };
}

function toRow(input: EvaluationInput, opponent: OpponentOutcomes, mean: MeanWithInterval): WinRateRow {
  return {
    attemptId: input.attemptId,
    policyId: input.policyId,
    opponentId: opponent.opponentId,
    roles: opponent.roles,
    n: mean.n,
    missing: mean.missing,
    winRate: mean.mean,
    standardError: mean.standardError,
    low: mean.low,
    high: mean.high,
    interval: mean.interval,
    isSimultaneous: input.opponents.length > 1,
    ...meanLengthsOf(opponent.outcomes),
  };
}
