/** The mean of what prompts score, each once, with its standard error. */
import { DataError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";

/** A score from 0 to 1 of one prompt; null where there is none. */
export type ScoredPrompt = { readonly promptId: PromptId; readonly score: number | null };

export type MeanScore = {
  /** Prompts that have a score, and those that do not. */
  readonly n: number;
  readonly missing: number;
  readonly mean: number;
  readonly standardError: number;
  /** Prompts whose score differs from the commonest score: how much there is to resample. */
  readonly varying: number;
};

/** Standard deviation of a fair win-or-loss score: the largest that scores in [0, 1] can have. */
const LARGEST_DEVIATION = 0.5;

/**
 * Mean over the prompts that have a score; standard error = sd(scores, n - 1) / √n. With fewer than two scores the
 * deviation cannot be estimated and the largest possible stands in; without any the mean is ½. Throws DataError for
 * scores outside [0, 1] and for two scores of one prompt.
 */
export function meanScoreOf(prompts: readonly ScoredPrompt[]): MeanScore {
  checkPrompts(prompts);
  const scores = prompts.flatMap(({ score }) => (score === null ? [] : [score]));
  const n = scores.length;
  const mean = n === 0 ? 0.5 : meanOf(scores);
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = n < 2 ? LARGEST_DEVIATION : Math.sqrt(squares / (n - 1));
  const times = [...Map.groupBy(scores, (score) => score).values()].map((equal) => equal.length);
  return {
    n,
    missing: prompts.length - n,
    mean,
    standardError: deviation / Math.sqrt(Math.max(1, n)),
    varying: n - times.reduce((most, count) => Math.max(most, count), 0),
  };
}

/** 0 for no values. Equal values give exactly that value, whatever their number. */
export function meanOf(values: readonly number[]): number {
  const [first = 0] = values;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / Math.max(1, values.length);
}

function checkPrompts(prompts: readonly ScoredPrompt[]): void {
  const seen = new Set<PromptId>();
  for (const { promptId, score } of prompts) {
    if (seen.has(promptId)) throw new DataError(`expected one outcome a prompt, prompt ${promptId} has two`);
    seen.add(promptId);
    if (score !== null && !(score >= 0 && score <= 1)) {
      throw new DataError(`expected a score from 0 to 1, prompt ${promptId} has ${score}`);
    }
  }
}
