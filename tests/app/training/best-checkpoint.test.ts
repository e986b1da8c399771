/** The best checkpoint of a run, worked out by hand. */
import { expect, test } from "vitest";
import { bestCheckpoint, checkpointMeasure, MEASURE_STEPS, measureText, stepLossOf } from "#app/training/best-checkpoint.ts";

const losses = (values: readonly number[]) => values.map((loss, i) => ({ step: i + 1, loss }));

test("a checkpoint is measured by the mean loss of the steps that end at it", () => {
  expect(checkpointMeasure(losses([0.7, 0.6, 0.5]), 2)).toBeCloseTo(0.65, 12);
  // Only the last MEASURE_STEPS count.
  const long = losses([...Array.from({ length: MEASURE_STEPS }, () => 9), ...Array.from({ length: MEASURE_STEPS }, () => 0.5)]);
  expect(checkpointMeasure(long, 2 * MEASURE_STEPS)).toBe(0.5);
  expect(checkpointMeasure([], 4)).toBeUndefined();
  expect(checkpointMeasure([{ step: 1, loss: Number.NaN }], 1)).toBeUndefined();
});

test("the lowest wins, of equals the later; a run that got worse keeps the earlier", () => {
  const rising = losses([
    ...Array.from({ length: 10 }, () => 0.6),
    ...Array.from({ length: 10 }, () => 0.5),
    ...Array.from({ length: 10 }, () => 0.9),
  ]);
  expect(bestCheckpoint([10, 20, 30], rising)).toEqual({ step: 20, loss: 0.5 });
  expect(bestCheckpoint([2, 4], losses([0.5, 0.5, 0.5, 0.5]))).toEqual({ step: 4, loss: 0.5 });
  expect(bestCheckpoint([], losses([0.5]))).toBeUndefined();
});

test("once held-out pairs are measured they alone decide, and a step without a measurement is no candidate", () => {
  const rows = [
    { step: 1, values: { loss: 0.6 } },
    { step: 2, values: { loss: 0.5, eval_loss: 0.62 } },
    { step: 3, values: { loss: 0.4 } },
    { step: 4, values: { loss: 0.3, eval_loss: 0.66 } },
    { step: 5, values: { loss: 0.2 } },
  ].map(stepLossOf);
  expect(bestCheckpoint([2, 4, 5], rows)).toEqual({ step: 2, loss: 0.62 });
  expect(checkpointMeasure(rows, 5)).toBeUndefined();
  expect(measureText(rows)).toContain("never trained on");
  expect(measureText(rows.slice(0, 1))).toContain("last 10 steps");
});
