/** Which durable checkpoint of a run is the best so far, by a measure that is stated. */
import { curveWords } from "#app/text/curves.ts";
import { HELD_OUT_PREFIX } from "./held-out.ts";

export type StepLoss = {
  readonly step: number;
  readonly loss: number;
  /** Of pairs that are never trained on, after the step; undefined where they were not measured. */
  readonly heldOutLoss?: number;
};
export type MeasuredCheckpoint = { readonly step: number; readonly loss: number };

/** Steps over which the loss is averaged: one batch alone says more about its pairs than about the policy. */
export const MEASURE_STEPS = 10;

/** The losses among the metrics of a step. */
export function stepLossOf({ step, values }: { readonly step: number; readonly values: Readonly<Record<string, number>> }): StepLoss {
  const heldOutLoss = values[`${HELD_OUT_PREFIX}loss`];
  return { step, loss: values["loss"] ?? Number.NaN, ...(heldOutLoss === undefined ? {} : { heldOutLoss }) };
}

/** Once held-out pairs have been measured, a checkpoint is judged by them alone. */
function isByHeldOut(losses: readonly StepLoss[]): boolean {
  return losses.some((row) => row.heldOutLoss !== undefined);
}

/** In words, for whoever is to trust it. */
export function measureText(losses: readonly StepLoss[]): string {
  return isByHeldOut(losses) ? curveWords.measures.heldOut : curveWords.measures.training(MEASURE_STEPS);
}

/**
 * The loss on held-out pairs at that step, where the run has such; undefined for a step at which they were not measured.
 * Else the mean loss of up to MEASURE_STEPS steps that end at the checkpoint: a step's loss is computed before its update,
 * so in the first epoch it is of pairs the policy has not been trained on: progressive validation (Blum, Kalai and
 * Langford 1999). Later epochs have seen them. Undefined where no step up to the checkpoint has a loss.
 */
export function checkpointMeasure(losses: readonly StepLoss[], step: number): number | undefined {
  if (isByHeldOut(losses)) return losses.find((row) => row.step === step)?.heldOutLoss;
  const counted = losses.filter((row) => row.step <= step && row.step > step - MEASURE_STEPS && Number.isFinite(row.loss));
  return counted.length === 0 ? undefined : counted.reduce((sum, row) => sum + row.loss, 0) / counted.length;
}

/** The checkpoint with the lowest measure, of equals the later; undefined where none can be measured. */
export function bestCheckpoint(steps: readonly number[], losses: readonly StepLoss[]): MeasuredCheckpoint | undefined {
  return steps.reduce<MeasuredCheckpoint | undefined>((best, step) => {
    const loss = checkpointMeasure(losses, step);
    return loss === undefined || (best !== undefined && loss > best.loss) ? best : { step, loss };
  }, undefined);
}
