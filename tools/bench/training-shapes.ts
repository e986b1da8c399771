/** The sizes at which training is measured, and what a measuring process reports. */
import * as z from "zod";
import type { TrainingSettings } from "#app/domain/training.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";

export type BenchShape = {
  readonly name: string;
  readonly prompt: number;
  /** Tokens of each response. */
  readonly response: number;
  readonly pairsARun: number;
  readonly rank: number;
  readonly recompute: boolean;
};

const shape = (name: string, prompt: number, response: number, more: Partial<BenchShape> = {}): BenchShape => ({
  name,
  prompt,
  response,
  pairsARun: 1,
  rank: 16,
  recompute: false,
  ...more,
});

/** What the floors are about. */
export const FLOOR_SHAPE = shape("512 packed tokens, rank 16", 256, 128);
export const RECOMPUTED_SHAPE = shape("512 packed tokens, recomputed", 256, 128, { recompute: true });

/** Those that forecasts are compared with. */
export const FORECAST_SHAPES: readonly BenchShape[] = [
  FLOOR_SHAPE,
  RECOMPUTED_SHAPE,
  shape("128 packed tokens", 32, 48),
  shape("192 packed tokens, two pairs a run", 64, 64, { pairsARun: 2 }),
  shape("384 packed tokens, rank 64", 128, 128, { rank: 64 }),
  shape("320 packed tokens, recomputed", 64, 128, { recompute: true }),
];

export function settingsOf({ pairsARun, rank, recompute }: BenchShape): TrainingSettings {
  return trainingSettingsSchema.parse({
    loss: { kind: "dno-prct", beta: 0.1 },
    adapter: { rank, alpha: 2 * rank },
    batchSize: pairsARun,
    microBatchSize: pairsARun,
    maxLength: 4096,
    recompute,
  });
}

/** Token ids of a pair that no cache has seen. */
export function pairOf(
  { prompt, response }: BenchShape,
  seed: number,
  vocabularySize = 49_000,
): { promptIds: number[]; chosenIds: number[]; rejectedIds: number[] } {
  const ids = (count: number, salt: number): number[] => Array.from({ length: count }, (_, i) => ((i + 1) * 7919 + salt * 104_729) % vocabularySize);
  return { promptIds: ids(prompt, seed), chosenIds: ids(response, seed + 1), rejectedIds: ids(response, seed + 2) };
}

export const runReportSchema = z.object({
  productFlops: z.number(),
  scoreFlops: z.number(),
  /** Of each step and each scoring run, without what comes between them. */
  stepMs: z.array(z.number()),
  scoreMs: z.array(z.number()),
  stepCpuMs: z.array(z.number()),
  /** Operations a second of the windows between the steps, by the clock and by the processor's time. */
  gemmRates: z.array(z.number()),
  gemmCpuRates: z.array(z.number()),
  /** Runs with gradients of a packed pair, and of its two rows, by turns. */
  packedMs: z.array(z.number()),
  packedCpuMs: z.array(z.number()),
  naiveMs: z.array(z.number()),
  naiveCpuMs: z.array(z.number()),
  /** From the call of the trainer to its end, and the process's bytes before it. */
  totalMs: z.number(),
  totalCpuMs: z.number(),
  bytesBefore: z.number(),
  /** What a forecast says before the first step: a step's time, and the peak of memory. */
  predictedMs: z.number(),
  predictedBytes: z.number(),
  peakBytes: z.number(),
});
export type RunReport = Readonly<z.infer<typeof runReportSchema>>;
