/** The win rate of a policy against one opponent: mean of prompt scores with its standard error. */
import type { PolicyId } from "#app/base/ids.ts";
import type { WinRateRow } from "#app/domain/evaluation.ts";
import { type MeanScore, meanOf, meanScoreOf, type ScoredPrompt } from "./mean-score.ts";

/**
 * What one held-out prompt says of the policy against an opponent. The score is 1 where the policy's response is
 * preferred, 0 where the opponent's is, ½ for a tie, both bad or orders that disagree, or a probability; null where no
 * usable answer came.
 */
export type PromptOutcome = ScoredPrompt & {
  /** Lengths of the two responses, in one unit throughout the evaluation. */
  readonly length: number;
  readonly opponentLength: number;
};

export type OpponentOutcomes = {
  readonly opponentId: PolicyId;
  readonly roles: WinRateRow["roles"];
  readonly outcomes: readonly PromptOutcome[];
};

export type WinRate = Pick<WinRateRow, "n" | "missing" | "winRate" | "standardError" | "meanLength" | "opponentMeanLength"> &
  Pick<MeanScore, "varying">;

/**
 * Win rate = mean score over the prompts that count, with the standard error that AlpacaEval prints. Mean lengths are
 * over the prompts that count, or over all if none counts. Throws DataError as `meanScoreOf` does.
 */
export function winRateOf(outcomes: readonly PromptOutcome[]): WinRate {
  const { n, missing, mean, standardError, varying } = meanScoreOf(outcomes);
  return { n, missing, winRate: mean, standardError, ...meanLengthsOf(outcomes), varying };
}

/** Mean lengths of the prompts that have a score, or of all if none has. */
export function meanLengthsOf(outcomes: readonly PromptOutcome[]): Pick<WinRate, "meanLength" | "opponentMeanLength"> {
  const counted = outcomes.filter((outcome) => outcome.score !== null);
  const measured = counted.length === 0 ? outcomes : counted;
  return {
    meanLength: meanOf(measured.map((outcome) => outcome.length)),
    opponentMeanLength: meanOf(measured.map((outcome) => outcome.opponentLength)),
  };
}
