/** The learning rate of each step: a warm-up from 0, then constant, linear or half a cosine down to 0. */
import type { TrainingSettings } from "#app/domain/training.ts";

/**
 * Step counts from 0. Equal to Transformers' schedules, whose warm-up starts at rate 0, but that the last step is never
 * a part of it: a round of a single step would learn nothing.
 */
export function learningRateAt(
  step: number,
  stepCount: number,
  settings: Pick<TrainingSettings, "learningRate" | "schedule" | "warmupShare">,
): number {
  const warmup = Math.min(Math.ceil(stepCount * settings.warmupShare), stepCount - 1);
  if (step < warmup) return (settings.learningRate * step) / warmup;
  const progress = (step - warmup) / Math.max(1, stepCount - warmup);
  switch (settings.schedule) {
    case "constant":
      return settings.learningRate;
    case "linear":
      return settings.learningRate * Math.max(0, 1 - progress);
    case "cosine":
      return settings.learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
    default:
      return settings.schedule satisfies never;
  }
}
