/** Arms compared on the same prompts: how much more one wins against the first policy than another does. */
import type { PromptId } from "#app/base/ids.ts";
import type { ScoredPrompt } from "#app/statistics/mean-score.ts";
import { type IntervalSettings, simultaneousIntervals } from "#app/statistics/simultaneous-intervals.ts";

export type PairedDifference = { readonly n: number; readonly difference: number; readonly low: number; readonly high: number };

/**
 * For each arm its scores less the base's, prompt by prompt, as a mean with an interval; all intervals hold together.
 * Prompts are matched by their texts; one that either lacks is left out. Differences lie in [-1, 1]: they are taken to
 * [0, 1] for the intervals of means and back.
 */
export function pairedDifferences(
  base: ReadonlyMap<string, ScoredPrompt>,
  arms: readonly ReadonlyMap<string, ScoredPrompt>[],
  settings: IntervalSettings,
): PairedDifference[] {
  const columns = arms.map((arm) =>
    [...base].flatMap(([text, { score: before }]): ScoredPrompt[] => {
      const after = arm.get(text)?.score ?? null;
      // Ids differ from experiment to experiment; the text is what they share.
      return before === null || after === null ? [] : [{ promptId: text as PromptId, score: (1 + after - before) / 2 }];
    }),
  );
  return simultaneousIntervals(columns, settings).map(({ n, mean, low, high }) => ({
    n,
    difference: 2 * mean - 1,
    low: 2 * low - 1,
    high: 2 * high - 1,
  }));
}
