/** Numbers of a duel in words: the interval, what it allows to be said, and beside whose answers a player's own are read. */
import { FEW_PROMPTS, isUnclear } from "#app/contract/result-tables.ts";
import type { DuelView, PlayerView, ResultOverview } from "#app/contract/result-views.ts";
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

/** The opponent who suits a player least, or one that it has met; undefined where there is none. */
export function opponentOf({ duels }: Pick<ResultOverview, "duels">, { name, worstCase }: PlayerView): string | undefined {
  if (worstCase !== null) return worstCase.opponent;
  const met = duels.findLast(({ first, second }) => first === name || second === name);
  return met?.first === name ? met.second : met?.first;
}
