/** The line of what goes on: how far, how fast, how long still. */
import { expect, it } from "vitest";
import { comparisonLine, progressLine } from "#main/cli/round-text.ts";
import { stageView } from "#tests/renderer/sample-views.ts";

it("says units, rate and time left of a running stage, and the state of any other", () => {
  const running = stageView({ attemptId: "a", state: "running", unitsDone: 3318, unitsTotal: 6000, rate: 3.4, remainingMs: 2_700_000 });
  expect(progressLine(1, running)).toBe("Round 1: sample: 3,318 of 6,000 responses, 3.4 a second, about 45 min left");
  expect(progressLine(2, { ...running, state: "paused" })).toBe("Round 2: sample: 3,318 of 6,000 responses, paused");
  expect(comparisonLine({ ...running, unit: "responses and comparisons" })).toBe(
    "Comparison: 3,318 of 6,000 responses and comparisons, 3.4 a second, about 45 min left",
  );
});

it("says how many references are scored while there is no step yet, and no more once all are", () => {
  const scoring = stageView({
    stage: "train",
    attemptId: "a",
    state: "running",
    unit: "steps",
    unitsTotal: 32,
    counts: { pairs: 253, "reference log-probabilities": 64 },
  });
  expect(progressLine(1, scoring)).toBe("Round 1: train: 0 of 32 steps, reference log-probabilities of 64 of 253 pairs");
  expect(progressLine(1, { ...scoring, counts: { ...scoring.counts, "reference log-probabilities": 253 } })).toBe("Round 1: train: 0 of 32 steps");
});
