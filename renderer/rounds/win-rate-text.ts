/** Win rates in words: direction and opponent first, no number without its doubt. */
import type { WinRateView } from "#app/contract/views.ts";
import { count, percent } from "../design/format.ts";
import { holdsHalf } from "../design/interval-scale.ts";

/** Fewer prompts than this say nothing. */
export const FEW_PROMPTS = 20;

/** "52.6–62.8", in per cent. */
export function intervalText(row: WinRateView): string {
  return `${percent(row.low)}–${percent(row.high)}`;
}

/** What the interval allows to be said: better, worse, no significant change, too few. */
export function readingOf(row: WinRateView): string {
  if (row.n < FEW_PROMPTS) return "too few";
  if (holdsHalf(row.low, row.high)) return "no significant change";
  return row.winRate > 0.5 ? "better" : "worse";
}

/** "r1 wins 57.8 % against r0 (95 % interval 52.6–62.8, simultaneous, n 320)". */
export function winRateSentence(row: WinRateView, confidence: number): string {
  const kind = row.isSimultaneous ? ", simultaneous" : "";
  const level = Number((100 * confidence).toFixed(1));
  return `${row.policy} wins ${percent(row.winRate)} % against ${row.opponent} (${level} % interval ${intervalText(row)}${kind}, n ${count(row.n)})`;
}

/** Who the opponent is: "the round before", "the round before and the first policy". */
export function opponentText(row: WinRateView): string {
  return row.roles.map((role) => (role === "previous" ? "the round before" : "the first policy")).join(" and ");
}

/** "mean length 171 against 156, 3 without an answer". */
export function remarkOf(row: WinRateView): string {
  const lengths = `mean length ${count(row.meanLength)} against ${count(row.opponentMeanLength)}`;
  return row.missing === 0 ? lengths : `${lengths} · ${count(row.missing)} without an answer`;
}
