/** Outcomes of evaluations for the tests of the statistics room. */
import type { AttemptId, PolicyId, PromptId } from "#app/base/ids.ts";
import type { WinRateRow } from "#app/domain/evaluation.ts";
import type { EvaluationInput } from "#app/statistics/evaluation-summary.ts";
import type { OpponentOutcomes, PromptOutcome } from "#app/statistics/win-rate.ts";

export function outcomesOf(
  scores: readonly (number | null)[],
  lengths: readonly number[] = [],
  opponentLengths: readonly number[] = [],
): PromptOutcome[] {
  return scores.map((score, i) => ({
    // Tests give ids as plain words.
    promptId: `prompt ${String(i).padStart(4, "0")}` as PromptId,
    score,
    length: lengths[i] ?? 100,
    opponentLength: opponentLengths[i] ?? 100,
  }));
}

export function opponent(roles: WinRateRow["roles"], scores: readonly (number | null)[], id = roles.join(" and ")): OpponentOutcomes {
  return { opponentId: id as PolicyId, roles, outcomes: outcomesOf(scores) };
}

export function evaluationOf(opponents: readonly OpponentOutcomes[], more: Partial<EvaluationInput> = {}): EvaluationInput {
  return {
    policyId: "new policy" as PolicyId,
    attemptId: "attempt" as AttemptId,
    opponents,
    confidence: 0.95,
    bootstrapSamples: 500,
    seed: 1,
    hasNoScore: false,
    ...more,
  };
}

/** So many wins, then ties, then losses. */
export function record(wins: number, ties: number, losses: number): number[] {
  return [...repeated(1, wins), ...repeated(0.5, ties), ...repeated(0, losses)];
}

function repeated(score: number, times: number): number[] {
  return Array.from({ length: times }, () => score);
}
