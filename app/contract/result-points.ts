/** The points of the charts of results, which the page and the report draw alike. In per cent. */
import { isUnclear, type OpponentRole, type RoundDuel, roundDuels } from "./result-tables.ts";
import type { DuelView, ResultSummary } from "./result-views.ts";

export type RatePoint = {
  readonly policy: string;
  readonly opponent: string;
  readonly role: OpponentRole;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** Tells no direction. */
  readonly isHollow: boolean;
};

/** Raw rates, and those at equal lengths where they could be told; a point for each role that an opponent is drawn in. */
export function ratePoints(results: ResultSummary): { readonly raw: readonly RatePoint[]; readonly controlled: readonly RatePoint[] } {
  const rows = roundDuels(results);
  return {
    raw: rows.flatMap((row) => pointsOf(row, row.duel)),
    controlled: rows.flatMap((row) => {
      const { lengthControlled } = row.duel;
      return lengthControlled?.kind === "estimated" ? pointsOf(row, lengthControlled) : [];
    }),
  };
}

function pointsOf({ policy, roles, duel }: RoundDuel, rate: Pick<DuelView, "winRate" | "low" | "high">): RatePoint[] {
  const numbers = { rate: 100 * rate.winRate, low: 100 * rate.low, high: 100 * rate.high };
  const isHollow = isUnclear({ n: duel.n, low: rate.low, high: rate.high });
  return drawnRoles(roles).map((role) => ({ policy, opponent: duel.second, role, ...numbers, isHollow }));
}

/** The worst opponent is drawn where it is none of the standing ones. */
function drawnRoles(roles: readonly OpponentRole[]): readonly OpponentRole[] {
  return roles.length > 1 ? roles.filter((role) => role !== "worst") : roles;
}

/** What an axis of these points spans: centred on 50, at least 20 to 80, every interval within it. */
export function rateDomain(points: readonly Pick<RatePoint, "low" | "high">[]): readonly [number, number] {
  const reach = points.reduce((most, { low, high }) => Math.max(most, 50 - low, high - 50), 28);
  const rounded = Math.min(50, 10 * Math.ceil((reach + 2) / 10));
  return [50 - rounded, 50 + rounded];
}

const RATE_TICKS: readonly number[] = [10, 25, 50, 75, 90];

/** Where such an axis has lines: none beyond its ends. */
export function rateTicks([least, most]: readonly [number, number]): readonly number[] {
  return RATE_TICKS.filter((tick) => tick >= least && tick <= most);
}

export type LengthBar = { readonly policy: string; readonly characters: number };

/** Mean lengths of the held-out responses of each round's policy, the newest last. */
export function lengthBars(results: Pick<ResultSummary, "rounds" | "players">): LengthBar[] {
  return results.rounds.flatMap(({ policy }) => {
    const player = results.players.find(({ name }) => name === policy);
    return player === undefined ? [] : [{ policy, characters: player.traits.meanCharacters }];
  });
}
