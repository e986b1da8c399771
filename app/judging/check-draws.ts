/** Which items check a person: drawn by the lab, the same again after a restart. */
import { rngFor, type Rng } from "#app/base/random.ts";
import type { PeopleConfig } from "#app/domain/oracle.ts";

export type CheckDraw = {
  readonly kind: "repeat" | "control" | "none";
  /** Draws which comparison, which responses and which order. */
  readonly rng: Rng;
};

/**
 * What comes before the plan's ask `ordinal` for this author. With odds of r / (1 - r - c) a repeat and c / (1 - r - c)
 * a control item, the shares r and c are of all that the person judges.
 */
export function drawCheck(people: Pick<PeopleConfig, "repeatShare" | "controlShare">, seed: number, label: string, ordinal: number): CheckDraw {
  const rng = rngFor(seed, "check", label, ordinal);
  const { repeatShare, controlShare } = people;
  const planShare = 1 - repeatShare - controlShare;
  const at = rng.next() * Math.max(planShare, 0.01);
  if (at < repeatShare) return { kind: "repeat", rng };
  return { kind: at < repeatShare + controlShare ? "control" : "none", rng };
}

/** A whole number from 0 to below `count`. */
export function drawIndex(rng: Rng, count: number): number {
  return Math.min(count - 1, Math.floor(rng.next() * count));
}
