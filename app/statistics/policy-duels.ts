/** The duel matrix among policies: who is preferred to whom on the held-out prompts, with intervals that hold together. */
import type { PolicyId, PromptId } from "#app/base/ids.ts";
import { DataError } from "#app/base/errors.ts";
import type { ScoredPrompt } from "./mean-score.ts";
import { type IntervalSettings, simultaneousIntervals } from "./simultaneous-intervals.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/** A policy, or the teacher whose responses came with the prompts. */
export type PlayerId = PolicyId | "teacher";

/** What the prompts say of two players; scores are the first one's. */
export type DuelOutcomes = { readonly first: PlayerId; readonly second: PlayerId; readonly outcomes: readonly ScoredPrompt[] };

export type PolicyDuel = Interval & {
  readonly first: PlayerId;
  readonly second: PlayerId;
  readonly n: number;
  readonly missing: number;
  /** Prompts on which the first is preferred, the second is, or neither (a score of exactly one half). */
  readonly won: number;
  readonly lost: number;
  readonly tied: number;
  /** Share of 1 by which the first is preferred. */
  readonly winRate: number;
  readonly standardError: number;
  readonly interval: "maxTBootstrap" | "wilson";
};

/**
 * One duel an entry, in the given order; all intervals hold at once (`simultaneousIntervals`). Throws DataError for a
 * player against itself, for a pair that comes twice, and as `meanScoreOf` does.
 */
export function duelsOf(pairs: readonly DuelOutcomes[], settings: IntervalSettings): PolicyDuel[] {
  const seen = new Set<string>();
  for (const { first, second } of pairs) {
    const key = [first, second].sort().join(" ");
    if (first === second) throw new DataError(`expected two different players, got ${first} twice`);
    if (seen.has(key)) throw new DataError(`expected each pair of players once, ${first} and ${second} come twice`);
    seen.add(key);
  }
  const means = simultaneousIntervals(
    pairs.map((pair) => pair.outcomes),
    settings,
  );
  return pairs.flatMap(({ first, second, outcomes }, k) => {
    const mean = means[k];
    if (mean === undefined) return [];
    const { n, missing, mean: winRate, standardError, low, high, interval } = mean;
    const count = (isCounted: (score: number) => boolean): number => outcomes.filter(({ score }) => score !== null && isCounted(score)).length;
    const counts = { won: count((score) => score > 0.5), lost: count((score) => score < 0.5), tied: count((score) => score === 0.5) };
    return [{ first, second, n, missing, ...counts, winRate, standardError, low, high, interval }];
  });
}

/** The same duel seen from the other side. */
export function turned(duel: PolicyDuel): PolicyDuel {
  return {
    ...duel,
    first: duel.second,
    second: duel.first,
    won: duel.lost,
    lost: duel.won,
    winRate: 1 - duel.winRate,
    low: 1 - duel.high,
    high: 1 - duel.low,
  };
}

/** P(row is preferred to column) of the players in their order; null where the two have not met. On the diagonal one half. */
export type DuelTable = {
  readonly players: readonly PlayerId[];
  readonly cells: readonly (readonly (PolicyDuel | null)[])[];
};

export function duelTable(players: readonly PlayerId[], duels: readonly PolicyDuel[]): DuelTable {
  const byKey = new Map(duels.flatMap((duel) => [duel, turned(duel)]).map((duel) => [`${duel.first} ${duel.second}`, duel]));
  return { players, cells: players.map((row) => players.map((column) => byKey.get(`${row} ${column}`) ?? null)) };
}

/** Only the given players, in that order. */
export function tableAmong(table: DuelTable, players: readonly PlayerId[]): DuelTable {
  const places = players.map((player) => table.players.indexOf(player));
  return { players, cells: places.map((i) => places.map((j) => table.cells[i]?.[j] ?? null)) };
}

export type PairedDifference = Interval & {
  /** Prompts on which both have a score. */
  readonly n: number;
  /** Mean of the first score less the second, from -1 to 1. */
  readonly difference: number;
  readonly standardError: number;
  readonly interval: "maxTBootstrap" | "wilson";
};

/**
 * Two columns of scores of the same prompts, compared prompt by prompt (two policies against one opponent): what varies
 * from prompt to prompt in the same way drops out, so the interval is narrower than that of two separate means. The
 * bootstrap-t interval over prompts of (first - second + 1) / 2, or Wilson's, mapped back.
 */
export function pairedDifference(first: readonly ScoredPrompt[], second: readonly ScoredPrompt[], settings: IntervalSettings): PairedDifference {
  const scoreByPrompt = new Map<PromptId, number | null>(second.map(({ promptId, score }) => [promptId, score]));
  const shared = first.flatMap(({ promptId, score }): ScoredPrompt[] => {
    const other = scoreByPrompt.get(promptId) ?? null;
    return score === null || other === null ? [] : [{ promptId, score: (score - other + 1) / 2 }];
  });
  const [mean] = simultaneousIntervals([shared], settings);
  if (mean === undefined || mean.n === 0) {
    return { n: 0, difference: 0, standardError: 1, ...stretched(wilsonInterval(0.5, 0, settings.confidence)), interval: "wilson" };
  }
  return { n: mean.n, difference: 2 * mean.mean - 1, standardError: 2 * mean.standardError, ...stretched(mean), interval: mean.interval };
}

function stretched({ low, high }: Interval): Interval {
  return { low: 2 * low - 1, high: 2 * high - 1 };
}
