/** What the address of the ledger names: the judgment that is open, and what is shown at first. */
import type { LedgerFilter } from "#app/contract/judgments.ts";

export type JudgmentsSearch = {
  /** The id of a judgment. */
  readonly open?: string;
  readonly round?: number;
  /** Only disputes. */
  readonly disputes?: true;
  /** Only comparisons that both of these have judged. */
  readonly raters?: readonly [string, string];
  /** Lists of scores instead of judgments; what is open is an ask. */
  readonly lists?: true;
};

/** What of an address is understood; the rest is left out. */
export function judgmentsSearch({ open, round, disputes, raters, lists }: Readonly<Record<string, unknown>>): JudgmentsSearch {
  return {
    ...(typeof open === "string" ? { open } : {}),
    ...(typeof round === "number" && Number.isInteger(round) && round > 0 ? { round } : {}),
    ...(disputes === true ? { disputes } : {}),
    ...ratersOf(raters),
    ...(lists === true ? { lists } : {}),
  };
}

function ratersOf(raters: unknown): Pick<JudgmentsSearch, "raters"> {
  if (!Array.isArray(raters) || raters.length !== 2) return {};
  // A name may look like a number.
  const [first, second] = raters.map((name: unknown) => (typeof name === "string" || typeof name === "number" ? String(name) : ""));
  return first === undefined || first === "" || second === undefined || second === "" ? {} : { raters: [first, second] };
}

export function filterOf({ round, disputes, raters }: JudgmentsSearch): LedgerFilter {
  return {
    ...(round === undefined ? {} : { round }),
    ...(disputes === true ? { isDisputed: true } : {}),
    ...(raters === undefined ? {} : { raters: [raters[0], raters[1]] }),
  };
}
