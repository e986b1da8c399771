/** Measures training at one shape in a process of its own, so that its peak memory is its own; prints a report as JSON. */
import { createReadStream } from "node:fs";
import { resourceUsage } from "node:process";
import { finished } from "node:stream/promises";
import { initialFactors } from "#app/models/adapter.ts";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { maskFeeds, ropeFeeds } from "#app/models/position-inputs.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { buildPairTrainingGraph, PAIR_OUTPUTS } from "#app/training/pair-graph.ts";
import { bucketOf, packPairs } from "#app/training/pair-packing.ts";
import { predictBytes, predictMs, runCosts } from "#app/training/run-cost.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { heldBytes } from "#main/engine/runtime/process-memory.ts";
import { createRuntimeSession } from "#main/engine/runtime/runtime-session.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { trainingSessions } from "#main/engine/runtime/training-sessions.ts";
import { differentiatePairs } from "#main/engine/training/pair-runs.ts";
import { probeTraining } from "#main/engine/training/probe-training.ts";
import { trainAdapter } from "#main/engine/training/train-adapter.ts";
import { createGemmWindow } from "./gemm-window.ts";
import { type BenchShape, pairOf, type RunReport, settingsOf } from "./training-shapes.ts";

const PACKING_RUNS = 6;

export type BenchJob = {
  readonly shape: BenchShape;
  readonly model: string;
  readonly cacheDir: string;
  readonly threads: number;
  /** None: only say what a forecast says. What it took is measured in another process. */
  readonly steps: number;
  readonly windowMs: number;
  /** Instead of training: measure a packed pair against both responses as sequences of their own. */
  readonly isPackingOnly: boolean;
};

const [text] = process.argv.slice(2);
if (text === undefined) throw new Error("expected a job as JSON");
const job = JSON.parse(text) as BenchJob; // written by tools/tasks/bench-training.ts
const { shape, threads, steps, windowMs } = job;

const settings = settingsOf(shape);
const { adapter } = settings;
const checkpoint = await openCheckpoint(job.model, { cacheDir: job.cacheDir });
const config = parseModelConfig(checkpoint.config, job.model);
// Others read their weights when they open a model; ours are mapped, and must be no slower for a disk that has yet to be read.
for (const path of new Set([...checkpoint.tensors.values()].map((tensor) => tensor.path))) await finished(createReadStream(path).resume());
const policy: PolicyModel = {
  key: "bench",
  model: { config, weights: weightsFromFiles(checkpoint.tensors), adapter },
  factors: initialFactors(config, adapter, 1),
  frequencies: ropeFrequencies(config),
};
const pairs = Array.from({ length: Math.max(1, steps) * shape.pairsARun }, (_, i) => pairOf(shape, 3 * i, config.vocabularySize));
const size = { batch: shape.pairsARun, bucket: bucketOf(pairs.slice(0, shape.pairsARun), shape.pairsARun) };
const costs = runCosts(policy.model, size, settings);
const gemm = windowMs === 0 ? undefined : await createGemmWindow(threads);
const report: { -readonly [Name in keyof RunReport]: RunReport[Name] } = {
  productFlops: costs.train.productFlops,
  scoreFlops: costs.score.productFlops,
  stepMs: [],
  scoreMs: [],
  stepCpuMs: [],
  gemmRates: [],
  gemmCpuRates: [],
  packedMs: [],
  packedCpuMs: [],
  naiveMs: [],
  naiveCpuMs: [],
  totalMs: 0,
  totalCpuMs: 0,
  bytesBefore: heldBytes(),
  predictedMs: 0,
  predictedBytes: 0,
  peakBytes: 0,
};

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measureGemm(): Promise<void> {
  if (gemm === undefined) return;
  const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
  const rate = await gemm.measure(windowMs);
  report.gemmRates.push(rate);
  report.gemmCpuRates.push((rate * (performance.now() - startedAt)) / (cpuMs() - cpuBefore));
}

const { keep, options: memory } = trainingSessions("cpu");
const sessions = createSessionCache(keep, { threads, fusion: "exact", ...memory });
if (job.isPackingOnly) await measurePacking();
else if (steps === 0) await forecast();
else await train();
process.stdout.write(JSON.stringify(report));
async function train(): Promise<void> {
  let [startedAt, cpuBefore] = [0, 0];
  const [beganAt, cpuAtStart] = [performance.now(), cpuMs()];
  await trainAdapter(
    { runner: { policy, sessions, batch: shape.pairsARun }, pairs, settings, seed: 1, resumed: undefined },
    {
      referenceScored: () => void report.scoreMs.push(performance.now() - startedAt),
      stepDone: () => {
        report.stepMs.push(performance.now() - startedAt);
        report.stepCpuMs.push(cpuMs() - cpuBefore);
      },
      save: () => Promise.resolve(),
      isCancelled: () => false,
      // Before every run, with nothing of it begun: the machine's rate and the run are measured by turns.
      breathe: async () => {
        await measureGemm();
        [startedAt, cpuBefore] = [performance.now(), cpuMs()];
      },
    },
  );
  [report.totalMs, report.totalCpuMs] = [performance.now() - beganAt, cpuMs() - cpuAtStart];
  report.peakBytes = resourceUsage().maxRSS * 1024;
  await sessions.release();
  await gemm?.release();
}

async function forecast(): Promise<void> {
  const runner = { policy, sessions, batch: shape.pairsARun };
  const calibration = await probeTraining(runner, settings, { isCancelled: () => false, breathe: () => Promise.resolve() });
  const parameterBytes = [...policy.factors.values()].reduce((sum, factor) => sum + factor.byteLength, 0);
  report.predictedMs = predictMs(calibration, costs.train);
  report.predictedBytes = predictBytes(calibration, { train: costs.train, besideBytes: 0, parameterBytes, runsAStep: 1 });
  await sessions.release();
}

/**
 * By turns and in one process, so that both see the same machine: a pair packed behind one prompt, as the trainer runs it, and chosen and
 * rejected as two rows that each compute the prompt, and logits of every token, against which packing is measured.
 */
async function measurePacking(): Promise<void> {
  const pair = pairOf(shape, 0, config.vocabularySize);
  const runner = { policy, sessions, batch: 1 };
  const batch = { pairs: [{ ...pair, winRates: { chosen: 0.75, rejected: 0.25 } }], indices: [0], weight: 1 };
  const reference = { chosen: new Float32Array(1), rejected: new Float32Array(1) };
  const runNaive = await naiveRun(pair);
  // The first of each touches pages and caches.
  for (let i = -1; i < PACKING_RUNS; i++) {
    const packed = await timed(() => differentiatePairs(runner, batch, policy.factors, reference, settings));
    const naive = await timed(runNaive);
    if (i < 0) continue;
    report.packedMs.push(packed.ms);
    report.packedCpuMs.push(packed.cpuMs);
    report.naiveMs.push(naive.ms);
    report.naiveCpuMs.push(naive.cpuMs);
  }
  await sessions.release();
}

async function timed(run: () => Promise<unknown>): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
  await run();
  return { ms: performance.now() - startedAt, cpuMs: cpuMs() - cpuBefore };
}

async function naiveRun({ promptIds, chosenIds, rejectedIds }: ReturnType<typeof pairOf>): Promise<() => Promise<unknown>> {
  const length = shape.prompt + shape.response;
  const bucket = { length, rows: 2 * length };
  const objective = { loss: { kind: "sft" }, sftWeight: 0 } as const;
  const session = await createRuntimeSession(buildPairTrainingGraph(policy.model, 2, bucket, objective), { threads, fusion: "exact", ...memory });
  const packed = packPairs(
    [chosenIds, rejectedIds].map((ids) => ({ promptIds, chosenIds: ids, rejectedIds: [] })),
    2,
    bucket,
  );
  const feeds = new Map([
    ...policy.factors,
    ...Object.entries({ ids: packed.ids, rows: packed.rows, targets: packed.targets, sides: packed.sides }),
    ...ropeFeeds(policy.frequencies, packed.positions),
    ...maskFeeds(config, packed.mask, 2, { queries: packed.positions, keys: packed.positions }),
    ["inverseChosenLengths", new Float32Array(2).fill(1 / shape.response)] as const,
    ["weights", new Float32Array(2).fill(0.5)] as const,
  ]);
  return () => session.run(feeds, [PAIR_OUTPUTS.losses, ...[...policy.factors.keys()].map((name) => `gradient:${name}`)]);
}
