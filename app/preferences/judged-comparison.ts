/** What the preferences room reads: live judgments with their asks' order, and what it counts of them. */
import type { Ask, Judgment } from "#app/domain/ask.ts";

/** A live judgment with what its ask says about who was asked and in which order. */
export type JudgedComparison = Pick<Judgment, "id" | "askId" | "authorId" | "firstId" | "secondId" | "verdict" | "probability" | "criterion"> &
  Pick<Ask, "oracleId" | "shown"> & {
    /** True if a person put it in place of what another one had said: it counts without the other order. */
    readonly isCorrection?: boolean;
  };

export type JudgmentCounts = {
  /** Judgments that count, and those that abstain or are invalid. */
  readonly usable: number;
  readonly unusable: number;
  /** Comparisons asked in both orders with two usable answers, and how many of them disagreed. */
  readonly bothOrders: number;
  readonly flipped: number;
  /** Outcomes (a comparison in both orders is one) that are ties or both bad. */
  readonly ties: number;
  readonly bothBad: number;
};

export const NO_JUDGMENTS: JudgmentCounts = { usable: 0, unusable: 0, bothOrders: 0, flipped: 0, ties: 0, bothBad: 0 };

export function addCounts(a: JudgmentCounts, b: JudgmentCounts): JudgmentCounts {
  return {
    usable: a.usable + b.usable,
    unusable: a.unusable + b.unusable,
    bothOrders: a.bothOrders + b.bothOrders,
    flipped: a.flipped + b.flipped,
    ties: a.ties + b.ties,
    bothBad: a.bothBad + b.bothBad,
  };
}
