/** An evaluation in full: one win-rate row an opponent with intervals that hold together, and the recommendation. */
import type { AttemptId, PolicyId } from "#app/base/ids.ts";
import { rngFor } from "#app/base/random.ts";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";
import { maxTCriticalValue } from "./max-t-bootstrap.ts";
import { recommend } from "./recommendation.ts";
import { type OpponentOutcomes, type WinRate, winRateOf } from "./win-rate.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/** The bootstrap needs this many prompts, and this many scores that differ from the commonest; else Wilson serves. */
export const MIN_BOOTSTRAP_PROMPTS = 30;
export const MIN_VARYING_PROMPTS = 10;

export type EvaluationInput = {
  readonly policyId: PolicyId;
  readonly attemptId: AttemptId;
  /** One entry a distinct opponent; the one that is previous and first at once names both roles. */
  readonly opponents: readonly OpponentOutcomes[];
  readonly confidence: number;
  readonly bootstrapSamples: number;
  readonly seed: number;
};

export type EvaluationSummary = { readonly rows: readonly WinRateRow[]; readonly recommendation: Recommendation };

type MeasuredOpponent = OpponentOutcomes & { readonly rate: WinRate };

/**
 * With k opponents and error share α = 1 - confidence, each Wilson interval gets α/k and the m bootstrapped ones
 * together α·m/k, so that by Bonferroni's inequality all k hold at once. Equal inputs give equal rows, whatever the
 * order of prompts. Throws DataError for scores outside [0, 1] and for two outcomes of one prompt.
 */
export function summariseEvaluation(input: EvaluationInput): EvaluationSummary {
  const opponents = input.opponents.map((opponent) => ({ ...opponent, rate: winRateOf(opponent.outcomes) }));
  const errorShare = (1 - input.confidence) / Math.max(1, opponents.length);
  const resampled = opponents.filter((opponent) => canResample(opponent.rate));
  const critical =
    resampled.length === 0
      ? Infinity
      : maxTCriticalValue(resampled, 1 - errorShare * resampled.length, input.bootstrapSamples, rngFor(input.seed, "max-t-bootstrap"));
  const rows = opponents.map((opponent): WinRateRow => {
    const { rate } = opponent;
    const interval = canResample(rate) ? bootstrapInterval(rate, critical) : wilsonInterval(rate.winRate, rate.n, 1 - errorShare);
    return toRow(input, opponent, interval, opponents.length > 1);
  });
  return { rows, recommendation: recommend(input.policyId, rows, input.confidence) };
}

function canResample(rate: WinRate): boolean {
  return rate.n >= MIN_BOOTSTRAP_PROMPTS && rate.varying >= MIN_VARYING_PROMPTS;
}

function bootstrapInterval(rate: WinRate, critical: number): Interval {
  const halfWidth = critical * rate.standardError;
  return { low: Math.max(0, rate.winRate - halfWidth), high: Math.min(1, rate.winRate + halfWidth) };
}

function toRow(input: EvaluationInput, opponent: MeasuredOpponent, interval: Interval, isSimultaneous: boolean): WinRateRow {
  const { rate } = opponent;
  return {
    attemptId: input.attemptId,
    policyId: input.policyId,
    opponentId: opponent.opponentId,
    roles: opponent.roles,
    n: rate.n,
    missing: rate.missing,
    winRate: rate.winRate,
    standardError: rate.standardError,
    ...interval,
    interval: canResample(rate) ? "maxTBootstrap" : "wilson",
    isSimultaneous,
    meanLength: rate.meanLength,
    opponentMeanLength: rate.opponentMeanLength,
  };
}
