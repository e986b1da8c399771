/** The best checkpoint of a run, worked out by hand. */
import { expect, test } from "vitest";
import { bestCheckpoint, checkpointMeasure, MEASURE_STEPS } from "#app/training/best-checkpoint.ts";

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
