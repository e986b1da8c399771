/** One critical value for the intervals of several opponents together: the prompt-level max-T bootstrap. */
import type { PromptId } from "#app/base/ids.ts";
import type { Rng } from "#app/base/random.ts";
import type { ScoredPrompt } from "./mean-score.ts";

/** Below these a spread or a shift of scores in [0, 1] is rounding. */
const NO_VARIANCE = 1e-14;
const NO_SHIFT = 1e-12;

/**
 * The c for which all intervals mean ± c · standard error hold their true win rates at once with about the given
 * confidence: the quantile of max over opponents of |mean* - mean| / standard error* when prompts are resampled (each
 * with all its scores, as opponents that are judged on the same prompts are not independent). Studentised, so it also
 * corrects for small n. For one opponent it is the symmetric bootstrap-t interval. The order of prompts and opponents
 * does not matter. Romano and Wolf (2005) have the max-T idea, Hall (1992) the bootstrap-t.
 */
export function maxTCriticalValue(opponents: readonly (readonly ScoredPrompt[])[], confidence: number, samples: number, rng: Rng): number {
  const { rows, promptCount } = centredScores(opponents);
  const weights = new Int32Array(promptCount);
  const largest = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    weights.fill(0);
    for (let draw = 0; draw < promptCount; draw++) {
      const i = rng.below(promptCount);
      weights[i] = (weights[i] ?? 0) + 1;
    }
    largest[s] = rows.reduce((most, row) => Math.max(most, absoluteT(row, weights)), 0);
  }
  // The rank among samples + 1 that is at least the confidence: rounding errs towards wider intervals.
  const rank = Math.min(samples, Math.ceil(confidence * (samples + 1) - 1e-9));
  return largest.sort()[rank - 1] ?? Infinity;
}

/** Scores minus their opponent's mean, [opponents][prompts in order of id]; NaN where a prompt gave no score. */
function centredScores(opponents: readonly (readonly ScoredPrompt[])[]): { readonly rows: readonly Float64Array[]; readonly promptCount: number } {
  const promptIds = [...new Set(opponents.flatMap((prompts) => prompts.map((prompt) => prompt.promptId)))].sort();
  const columnById = new Map<PromptId, number>(promptIds.map((id, column) => [id, column]));
  const rows = opponents.map((prompts) => {
    const row = new Float64Array(promptIds.length).fill(Number.NaN);
    for (const { promptId, score } of prompts) row[columnById.get(promptId) ?? 0] = score ?? Number.NaN;
    const scores = row.filter((score) => !Number.isNaN(score));
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return row.map((score) => score - mean);
  });
  return { rows, promptCount: promptIds.length };
}

/**
 * |t| of one resample, in which prompt i occurs weights[i] times. Without spread about a shifted mean it is infinite:
 * such a resample can widen an interval, never narrow it.
 */
function absoluteT(centred: Float64Array, weights: Int32Array): number {
  let [n, sum, squares] = [0, 0, 0];
  for (const [i, value] of centred.entries()) {
    const weight = weights[i] ?? 0;
    if (weight === 0 || Number.isNaN(value)) continue;
    n += weight;
    sum += weight * value;
    squares += weight * value * value;
  }
  if (n < 2) return Infinity;
  const shift = sum / n;
  const variance = (squares - sum * shift) / (n - 1);
  if (variance <= NO_VARIANCE) return Math.abs(shift) <= NO_SHIFT ? 0 : Infinity;
  return Math.abs(shift) / Math.sqrt(variance / n);
}
