/** What the address of the ledger names: the judgment that is open, and what is shown at first. */
import type { LedgerFilter } from "#app/contract/judgments.ts";

export type JudgmentsSearch = {
  /** The id of a judgment. */
  readonly open?: string;
  readonly round?: number;
  /** Only disputes. */
  readonly disputes?: true;
  /** Lists of scores instead of judgments; what is open is an ask. */
  readonly lists?: true;
};

/** What of an address is understood; the rest is left out. */
export function judgmentsSearch({ open, round, disputes, lists }: Readonly<Record<string, unknown>>): JudgmentsSearch {
  return {
    ...(typeof open === "string" ? { open } : {}),
    ...(typeof round === "number" && Number.isInteger(round) && round > 0 ? { round } : {}),
    ...(disputes === true ? { disputes } : {}),
    ...(lists === true ? { lists } : {}),
  };
}

export function filterOf({ round, disputes }: JudgmentsSearch): LedgerFilter {
  return { ...(round === undefined ? {} : { round }), ...(disputes === true ? { isDisputed: true } : {}) };
}
