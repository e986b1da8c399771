/** Numbers of a duel in words: the interval, and what it allows to be said. */
import { FEW_PROMPTS, isUnclear } from "#app/contract/result-tables.ts";
import type { DuelView } from "#app/contract/result-views.ts";
import { percent } from "../design/format.ts";
import { resultsText } from "../text/results.ts";

/** "52.6–62.8", in per cent. */
export function intervalText({ low, high }: Pick<DuelView, "low" | "high">): string {
  return `${percent(low)}–${percent(high)}`;
}

export function readingOf(duel: DuelView): string {
  const { readings } = resultsText;
  if (duel.n < FEW_PROMPTS) return readings.tooFew;
  if (isUnclear(duel)) return readings.unclear;
  return duel.winRate > 0.5 ? readings.better : readings.worse;
}
