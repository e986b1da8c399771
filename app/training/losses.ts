/** The table of losses, one row each; a missing row does not compile. */
import type { LossKind, LossSettings, LossSettingsOf } from "#app/domain/loss.ts";
import type { Value } from "#app/graph/types.ts";
import { kto } from "./losses/kto.ts";
import { cdpo, dnoPrct, dpo, hinge, lengthNormalised, robust, spin } from "./losses/logistic.ts";
import { columnsOfRow, type LossColumn, type LossRow, type PairValues } from "./losses/loss-row.ts";
import { orpo, sft, simpo } from "./losses/reference-free.ts";
import { dno, regularisedDno1, regularisedDno2 } from "./losses/soft-targets.ts";
import { inpo, ipoSummed, ipoTokenAveraged, sppo, sppoHard } from "./losses/squared.ts";

export const losses: { readonly [Kind in LossKind]: LossRow<LossSettingsOf<Kind>> } = {
  "dno-prct": dnoPrct,
  dno,
  "regularised-dno-1": regularisedDno1,
  "regularised-dno-2": regularisedDno2,
  dpo,
  "ipo-summed": ipoSummed,
  "ipo-token-averaged": ipoTokenAveraged,
  hinge,
  cdpo,
  robust,
  "length-normalised": lengthNormalised,
  sppo,
  "sppo-hard": sppoHard,
  inpo,
  kto,
  simpo,
  orpo,
  spin,
  sft,
};

/** What is minimised over a batch of pairs. */
export type PairObjective = {
  readonly loss: LossSettings;
  /** Weight of the chosen response's mean token negative log-likelihood. */
  readonly sftWeight: number;
};

/** The columns that the graph of an objective must be fed. */
export function columnsOf({ loss, sftWeight }: PairObjective): readonly LossColumn[] {
  const columns = columnsOfRow(losses[loss.kind]);
  return sftWeight === 0 || columns.includes("inverseChosenLengths") ? columns : [...columns, "inverseChosenLengths"];
}

/** The loss of each pair, [batch, 1], without an SFT term. */
export function buildLoss(pair: PairValues, settings: LossSettings): Value {
  const row = losses[settings.kind] as LossRow<LossSettings>; // the row of a kind takes that kind's settings, which no type says of the union
  return row.build(pair, settings);
}

/** The first policy's share in the reference, from 0 (the round's policy alone) to 1; undefined for losses without a reference. */
export function firstPolicyShareOf(settings: LossSettings): number | undefined {
  const need = losses[settings.kind].reference;
  switch (need) {
    case "none":
      return undefined;
    case "roundPolicy":
      return 0;
    case "firstPolicy":
      return 1;
    case "both":
      return "firstPolicyShare" in settings ? settings.firstPolicyShare : undefined;
    default:
      return need satisfies never;
  }
}

/** Whether the log-probabilities of the experiment's first policy are needed. */
export function needsFirstPolicy(settings: LossSettings): boolean {
  return (firstPolicyShareOf(settings) ?? 0) > 0;
}
