/** The record of what training takes, from the reports of its measuring processes. */
import type { ResultDraft } from "../results/record.ts";
import type { BenchShape, RunReport } from "./training-shapes.ts";

export type MeasuredShape = {
  readonly shape: BenchShape;
  readonly report: RunReport;
  /** Each page once, as a forecast counts: the resident set has the weights once for each session that maps them. */
  readonly mostHeldBytes: number;
};

/** The goals of the project, as shares and bytes. */
const FLOORS = { training: 0.65, scoring: 0.75, packing: 1.4, memoryBytes: 2.3e9, recomputedBytes: 1.3e9, memoryGap: 0.15, timeGap: 0.25 };

const best = (numbers: readonly number[]): number => Math.min(...numbers);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

/** Expects the shape of the floors first, and its recomputed form second. */
export function trainingDraft(measured: readonly MeasuredShape[], threads: number): ResultDraft {
  const [floor, recomputed] = measured;
  if (floor === undefined || recomputed === undefined) throw new RangeError("expected the shape of the floors and its recomputed form");
  const { report } = floor;
  const peak = Math.max(...report.gemmRates);
  const rateOf = (flops: number, times: readonly number[]): number => (1000 * flops) / best(times);
  const shares = { training: rateOf(report.productFlops, report.stepMs) / peak, scoring: rateOf(report.scoreFlops, report.scoreMs) / peak };
  const cpuShare = (1000 * report.productFlops) / best(report.stepCpuMs) / Math.max(...report.gemmCpuRates);
  const packing = best(report.naiveMs) / best(report.packedMs);
  return {
    section: "Speed",
    title: "What training takes on SmolLM2-135M",
    summary: `A step of one pair, prompt 256 and responses 128 tokens (512 packed), LoRA of rank 16 on all seven linear maps, ${threads} threads, fp32: ${percent(shares.training)} of the machine's own rate of products in ${gigabytes(report.peakBytes)}, with recomputation in ${gigabytes(recomputed.report.peakBytes)}.`,
    commands: ["node tools/run.cjs bench-training"],
    sources: ["main/engine/training", "main/engine/runtime", "app/training", "app/autodiff", "app/graph", "app/models", "tools/bench"],
    tables: [
      {
        columns: ["what", "floor", "found"],
        rows: [
          ["float32 products through ONNX Runtime, best window", "", `${(peak / 1e9).toFixed(0)} GFLOP/s`],
          ["training step, best", "", `${best(report.stepMs).toFixed(0)} ms for ${(report.productFlops / 1e9).toFixed(0)} GFLOP`],
          ["training: share of that rate, best step to best window", percent(FLOORS.training), percent(shares.training)],
          ["training: the same by the processor's time, best of each", "", percent(cpuShare)],
          ["scoring: share, best run to best window", percent(FLOORS.scoring), percent(shares.scoring)],
          ["packed over naive, best of each", `${FLOORS.packing} times`, `${packing.toFixed(2)} times`],
          ["packed over naive by the processor's time, best of each", "", `${(best(report.naiveCpuMs) / best(report.packedCpuMs)).toFixed(2)} times`],
          ["peak memory of the process, weights included", `under ${gigabytes(FLOORS.memoryBytes)}`, gigabytes(report.peakBytes)],
          ["peak memory with recomputation", `under ${gigabytes(FLOORS.recomputedBytes)}`, gigabytes(recomputed.report.peakBytes)],
        ],
      },
      {
        columns: ["shape", "memory said", "found", "gap", "step said", "found (best)", "gap"],
        rows: measured.map(({ shape, mostHeldBytes, report: { predictedBytes, predictedMs, stepMs } }) => [
          shape.name,
          gigabytes(predictedBytes),
          gigabytes(mostHeldBytes),
          percent(predictedBytes / mostHeldBytes - 1),
          `${predictedMs.toFixed(0)} ms`,
          `${best(stepMs).toFixed(0)} ms`,
          percent(predictedMs / best(stepMs) - 1),
        ]),
      },
    ],
    notes: [
      "Operations are those of Gemm and MatMul in the packed batch, which has no padding here; what recomputation adds is not counted as work done.",
      "Products and steps are measured by turns in one process, so that both see the same machine. By the clock a step that lasts seconds is interrupted more often than the best window of products: on a busy machine the share by the processor's time says more.",
      "Naive is both responses as rows of their own, each with the prompt, and logits of all tokens; both are one run with all gradients, by turns in one process.",
      "The peak of memory in the first table is the largest resident set, which counts weights once for each session that maps them; in the second it is what the process held, each page once, looked at ten times a second in a run of its own.",
      `Forecasts go by two probes of 64 and 192 packed tokens, in a process of their own just before; the goal is ${percent(FLOORS.memoryGap)} for memory and ${percent(FLOORS.timeGap)} for time. On a busy machine the load changes between probe and step.`,
    ],
  };
}
