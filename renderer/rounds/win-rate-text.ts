/** Win rates in words: direction and opponent first, no number without its doubt. */
import type { WinRateView } from "#app/contract/views.ts";
import { count, percent, shortPercent } from "../design/format.ts";
import { holdsHalf } from "../design/interval-scale.ts";
import { roundsText } from "../text/rounds.ts";

const text = roundsText.result;

/** Fewer prompts than this say nothing. */
export const FEW_PROMPTS = 20;

/** "52.6–62.8", in per cent. */
export function intervalText(row: WinRateView): string {
  return `${percent(row.low)}–${percent(row.high)}`;
}

/** What the interval allows to be said: better, worse, no significant change, too few. */
export function readingOf(row: WinRateView): string {
  const { readings } = text;
  if (row.n < FEW_PROMPTS) return readings.tooFew;
  if (holdsHalf(row.low, row.high)) return readings.unclear;
  return row.winRate > 0.5 ? readings.better : readings.worse;
}

/** "r1 wins 57.8 % against r0 (95 % interval 52.6–62.8, simultaneous, n 320)". */
export function winRateSentence(row: WinRateView, confidence: number): string {
  const interval = row.isSimultaneous ? text.simultaneous(intervalText(row)) : intervalText(row);
  return text.sentence(row.policy, percent(row.winRate), row.opponent, shortPercent(confidence), interval, count(row.n));
}

/** Who the opponent is: "the round before", "the round before and the first policy". */
export function opponentText(row: WinRateView): string {
  return row.roles.map((role): string => text.roles[role]).reduce(text.bothRoles);
}

/** "mean length 171 against 156, 3 without an answer". */
export function remarkOf(row: WinRateView): string {
  const lengths = text.lengths(count(row.meanLength), count(row.opponentMeanLength));
  return row.missing === 0 ? lengths : `${lengths} · ${text.missing(count(row.missing))}`;
}
