/** The win rate of a policy against one opponent: mean of prompt scores with its standard error. */
import { DataError } from "#app/base/errors.ts";
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import type { WinRateRow } from "#app/domain/evaluation.ts";

/** What one held-out prompt says of the policy against an opponent. */
export type PromptOutcome = {
  readonly promptId: PromptId;
  /**
   * 1 where the policy's response is preferred, 0 where the opponent's is, ½ for a tie, both bad or orders that
   * disagree, or a probability; null where no usable answer came.
   */
  readonly score: number | null;
  /** Lengths of the two responses, in one unit throughout the evaluation. */
  readonly length: number;
  readonly opponentLength: number;
};

export type OpponentOutcomes = {
  readonly opponentId: PolicyId;
  readonly roles: WinRateRow["roles"];
  readonly outcomes: readonly PromptOutcome[];
};

export type WinRate = Pick<WinRateRow, "n" | "missing" | "winRate" | "standardError" | "meanLength" | "opponentMeanLength"> & {
  /** Prompts whose score differs from the commonest score: how much there is to resample. */
  readonly varying: number;
};

/** Standard deviation of a fair win-or-loss score: the largest that scores in [0, 1] can have. */
const LARGEST_DEVIATION = 0.5;

/**
 * Win rate = mean score over the prompts that count; standard error = sd(scores, n - 1) / √n, as AlpacaEval has it.
 * With fewer than two scores the deviation cannot be estimated and the largest possible stands in; without any the
 * rate is ½. Mean lengths are over the prompts that count, or over all if none counts.
 */
export function winRateOf(outcomes: readonly PromptOutcome[]): WinRate {
  checkOutcomes(outcomes);
  const counted = outcomes.filter((outcome) => outcome.score !== null);
  const scores = counted.map((outcome) => outcome.score ?? 0);
  const n = scores.length;
  const winRate = n === 0 ? 0.5 : mean(scores);
  const squares = scores.reduce((sum, score) => sum + (score - winRate) ** 2, 0);
  const deviation = n < 2 ? LARGEST_DEVIATION : Math.sqrt(squares / (n - 1));
  const measured = n === 0 ? outcomes : counted;
  const times = [...Map.groupBy(scores, (score) => score).values()].map((equal) => equal.length);
  return {
    n,
    missing: outcomes.length - n,
    winRate,
    standardError: deviation / Math.sqrt(Math.max(1, n)),
    meanLength: mean(measured.map((outcome) => outcome.length)),
    opponentMeanLength: mean(measured.map((outcome) => outcome.opponentLength)),
    varying: n - times.reduce((most, count) => Math.max(most, count), 0),
  };
}

/** 0 for no values. Equal values give exactly that value, whatever their number. */
function mean(values: readonly number[]): number {
  const [first = 0] = values;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / Math.max(1, values.length);
}

function checkOutcomes(outcomes: readonly PromptOutcome[]): void {
  const seen = new Set<PromptId>();
  for (const { promptId, score } of outcomes) {
    if (seen.has(promptId)) throw new DataError(`expected one outcome a prompt, prompt ${promptId} has two`);
    seen.add(promptId);
    if (score !== null && !(score >= 0 && score <= 1)) {
      throw new DataError(`expected a score from 0 to 1, prompt ${promptId} has ${score}`);
    }
  }
}
