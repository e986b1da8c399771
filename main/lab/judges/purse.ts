/** The money of a run: what is paid and what may still be, counted in step with the database, against the caps. */
import { BudgetError } from "#app/base/errors.ts";
import type { Caps } from "#app/domain/endpoint.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { type Spending, spendingByRound, totalSpending } from "#main/store/queries/spending.ts";

export type Purse = {
  /** Sets so much aside for a send; throws BudgetError if a cap would be passed. */
  reserve(maxUsd: number): void;
  /** What was set aside for a request turned out to cost so much. */
  settle(reservedUsd: number, costUsd: number): void;
};

/** What counts against a cap: paid, open at the most, and what may have been paid besides. */
export function liability({ paidUsd, openUsd, unsureUsd }: Spending): number {
  return paidUsd + openUsd + unsureUsd;
}

/** `round` is null for what belongs to no round. Caps are read anew each time, so that raising one is enough. */
export function openPurse(db: ReadableDb, round: number | null, caps: () => Caps): Purse {
  let total = liability(totalSpending(db));
  const ofRound = spendingByRound(db).find((one) => one.round === round);
  let inRound = ofRound === undefined ? 0 : liability(ofRound.spending);
  return {
    reserve: (maxUsd) => {
      const { roundUsd, totalUsd } = caps();
      check(endpointWords.caps.round, roundUsd, round === null ? 0 : inRound, maxUsd);
      check(endpointWords.caps.total, totalUsd, total, maxUsd);
      total += maxUsd;
      inRound += maxUsd;
    },
    settle: (reservedUsd, costUsd) => {
      total += costUsd - reservedUsd;
      inRound += costUsd - reservedUsd;
    },
  };
}

function check(name: string, cap: number | null, spent: number, more: number): void {
  if (cap === null || spent + more <= cap || more === 0) return;
  throw new BudgetError(endpointWords.overCap(more, spent, name, cap), { capUsd: cap, spentUsd: spent, nextUsd: more });
}
