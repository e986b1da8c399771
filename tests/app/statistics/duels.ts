/** Duel tables for tests: from preferences alone, or from scores of prompts. */
import type { PolicyId } from "#app/base/ids.ts";
import { type DuelTable, duelTable, type PolicyDuel } from "#app/statistics/policy-duels.ts";

/** Tests name players by plain words. */
export function player(name: string): PolicyId {
  return name as PolicyId;
}

/** A table with these win rates and intervals of this half width, 100 prompts each; null where two have not met. */
export function tableFrom(names: readonly string[], rates: readonly (readonly (number | null)[])[], halfWidth = 0.05, n = 100): DuelTable {
  const duels = names.flatMap((first, i) =>
    names.flatMap((second, j): PolicyDuel[] => {
      const winRate = rates[i]?.[j] ?? null;
      if (i >= j || winRate === null) return [];
      const counts = { n, missing: 0, won: Math.round(n * winRate), lost: n - Math.round(n * winRate), tied: 0 };
      const ends = { low: Math.max(0, winRate - halfWidth), high: Math.min(1, winRate + halfWidth) };
      return [{ first: player(first), second: player(second), ...counts, winRate, standardError: halfWidth / 2, ...ends, interval: "maxTBootstrap" }];
    }),
  );
  return duelTable(names.map(player), duels);
}
