/** The reason that opens the results, cut where it gives a rate: each with the two whose answers stand behind it. */
import { duelBetween } from "#app/contract/result-tables.ts";
import type { DuelView, ResultSummary } from "#app/contract/result-views.ts";
import { percent } from "../design/format.ts";

type Rate = Pick<DuelView, "first" | "second" | "winRate" | "low" | "high">;

export type ClaimPart = {
  readonly words: string;
  /** Null between the rates. */
  readonly answers: Pick<DuelView, "first" | "second"> | null;
};

/** All parts together are the reason, word for word. A rate is found by its figures, wherever the words around it come to stand. */
export function claimParts(results: ResultSummary): readonly ClaimPart[] {
  const reason = results.choice?.reason ?? "";
  const parts: ClaimPart[] = [];
  let done = 0;
  // What is said of circles among answers has figures of its own, and could have the same.
  let from = endOf(reason, results.circles.sentence);
  for (const rate of ratesOf(results)) {
    const place = placeOf(reason, rate, from);
    if (place === undefined) continue;
    parts.push({ words: reason.slice(done, place.start), answers: null }, { words: reason.slice(place.start, place.end), answers: rate });
    done = from = place.end;
  }
  return [...parts, { words: reason.slice(done), answers: null }].filter(({ words }) => words !== "");
}

/** What the reason may speak of, in its order: the newest policy against the one before it and the first, the worst case of the recommended one. */
function ratesOf(results: ResultSummary): Rate[] {
  const newest = results.rounds.at(-1);
  const steps = newest === undefined ? [] : [...new Set([newest.previous, newest.first])];
  const duels = steps.flatMap((opponent) => (newest === undefined ? [] : (duelBetween(results, newest.policy, opponent) ?? [])));
  const recommended = results.players.find(({ name }) => name === results.choice?.recommended);
  const worst = recommended?.worstCase ?? null;
  return [...duels, ...(recommended === undefined || worst === null ? [] : [{ ...worst, first: recommended.name, second: worst.opponent }])];
}

type Place = { readonly start: number; readonly end: number };

/** From the rate to the end of the bracket that holds its interval: "57.8 % against r3 (95 % interval 52.6–62.8, n 320)". */
function placeOf(reason: string, { winRate, low, high }: Rate, from: number): Place | undefined {
  const words = `${percent(winRate)} %`;
  const start = reason.indexOf(words, from);
  if (start === -1) return undefined;
  const interval = reason.indexOf(`${percent(low)}–${percent(high)}`, start);
  const bracket = interval === -1 ? -1 : reason.indexOf(")", interval);
  return { start, end: bracket === -1 ? start + words.length : bracket + 1 };
}

function endOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at === -1 ? 0 : at + part.length;
}
