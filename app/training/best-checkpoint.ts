/** Which durable checkpoint of a run is the best so far, by a measure that is stated. */

export type StepLoss = { readonly step: number; readonly loss: number };
export type MeasuredCheckpoint = { readonly step: number; readonly loss: number };

/** Steps over which the loss is averaged: one batch alone says more about its pairs than about the policy. */
export const MEASURE_STEPS = 10;

/** In words, for whoever is to trust it. */
export const MEASURE_TEXT = `mean loss of the last ${MEASURE_STEPS} steps, each taken before it learned from its pairs`;

/**
 * The mean loss of up to MEASURE_STEPS steps that end at the checkpoint. A step's loss is computed before its update, so
 * in the first epoch it is of pairs the policy has not been trained on: progressive validation (Blum, Kalai and Langford
 * 1999). Later epochs have seen them. Undefined where no step up to the checkpoint has a loss.
 */
export function checkpointMeasure(losses: readonly StepLoss[], step: number): number | undefined {
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
