/** `node tools/run.cjs bench-growth`: how time and memory of training and of sampling grow, with fitted exponents; writes the record of docs/results.md. Models are made here, of random weights. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import type { DecodingJob } from "../bench/decoding-run.ts";
import type { BenchJob } from "../bench/training-run.ts";
import { type BenchShape, runReportSchema } from "../bench/training-shapes.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const CONTEXT = 2048;
const LENGTHS = [128, 256, 512, 1024, CONTEXT];
const WIDTHS = [128, 256, 512, 1024];
const SAMPLED_ROWS = 8;
const SAMPLED_CACHE = 256;
const BASE = { hiddenSize: 256, layerCount: 4 } as const;
const scratch = mkdtempSync(join(tmpdir(), "nashlab-growth-"));

async function modelOf(hiddenSize: number): Promise<string> {
  const folder = join(scratch, `model-${hiddenSize}`);
  await writeTinyModel(folder, { seed: 1, hiddenSize, layerCount: BASE.layerCount, maxPositions: CONTEXT });
  return folder;
}

function run(script: string, job: unknown): unknown {
  const path = join(ROOT, "tools", "bench", script);
  return JSON.parse(execFileSync(process.execPath, [path, JSON.stringify(job)], { encoding: "utf8", env: { ...process.env, ...CHILD_ENVIRONMENT } }));
}

async function train(hiddenSize: number, shape: BenchShape): Promise<Cost> {
  const model = await modelOf(hiddenSize);
  const job: BenchJob = { shape, model, cacheDir: scratch, threads: 1, steps: 3, windowMs: 0, isPackingOnly: false };
  const { stepCpuMs, peakBytes, bytesBefore } = runReportSchema.parse(run("training-run.ts", job));
  return { cpuMs: Math.min(...stepCpuMs), bytes: peakBytes - bytesBefore };
}

async function decode(hiddenSize: number, rows: number, cacheLength: number): Promise<Cost> {
  const job: DecodingJob = { model: await modelOf(hiddenSize), cacheDir: scratch, rows, cacheLength, steps: 20 };
  return costSchema.parse(run("decoding-run.ts", job));
}

const costSchema = z.object({ cpuMs: z.number(), bytes: z.number() });
/** Of a step: the processor's time, and the process's peak above what it held before. */
type Cost = Readonly<z.infer<typeof costSchema>>;
type Point = Cost & { readonly x: number };
type Curve = { readonly name: string; readonly points: readonly Point[] };

/** Packed: half prompt, a quarter each response. */
function shapeOf(length: number, more: Partial<BenchShape> = {}): BenchShape {
  return { name: "", prompt: length / 2, response: length / 4, pairsARun: 1, rank: 16, recompute: false, ...more };
}

async function curve(name: string, xs: readonly number[], costAt: (x: number) => Promise<Cost>): Promise<Curve> {
  const points: Point[] = [];
  for (const x of xs) {
    process.stderr.write(`bench-growth: ${name} ${x} ...\n`);
    points.push({ x, ...(await costAt(x)) });
  }
  return { name, points };
}

/** The slope of the logarithms, by least squares. */
function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (of: (log: readonly [number, number]) => number): number => logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
}

try {
  const { hiddenSize } = BASE;
  const curves = [
    await curve("training: packed tokens, up to the context", LENGTHS, (length) => train(hiddenSize, shapeOf(length))),
    await curve("training: packed tokens, recomputed", LENGTHS, (length) => train(hiddenSize, shapeOf(length, { recompute: true }))),
    await curve("training: pairs a run", [1, 2, 4, 8], (pairsARun) => train(hiddenSize, shapeOf(128, { pairsARun }))),
    await curve("training: rank", [4, 16, 64, 256], (rank) => train(hiddenSize, shapeOf(256, { rank }))),
    await curve("training: width of the model", WIDTHS, (width) => train(width, shapeOf(256))),
    await curve("sampling: positions of the cache, up to the context", LENGTHS, (length) => decode(hiddenSize, SAMPLED_ROWS, length)),
    await curve("sampling: rows", [2, 8, 32, 128], (rows) => decode(hiddenSize, rows, SAMPLED_CACHE)),
    await curve("sampling: width of the model", WIDTHS, (width) => decode(width, SAMPLED_ROWS, SAMPLED_CACHE)),
  ];
  writeRecord("training-growth", {
    section: "Speed",
    title: "How training and sampling grow",
    summary: `A step against what makes it larger: ${BASE.layerCount} layers of width ${hiddenSize}; training of LoRA of rank 16, one pair a run, and sampling of ${SAMPLED_ROWS} rows over a cache of ${SAMPLED_CACHE}, unless it is what grows. Exponents are slopes of the logarithms, by least squares.`,
    commands: ["node tools/run.cjs bench-growth"],
    sources: ["main/engine/training", "app/training", "app/autodiff", "app/graph", "app/models", "tools/bench"],
    tables: [
      {
        columns: ["what grows", "time like", "at its large end", "memory like", "at its large end"],
        rows: curves.map(({ name, points }) => {
          const times = points.map(({ x, cpuMs }) => [x, cpuMs] as const);
          const bytes = points.map((point) => [point.x, point.bytes] as const);
          return [name, ...[times, times.slice(-2), bytes, bytes.slice(-2)].map((some) => `x^${exponent(some).toFixed(2)}`)];
        }),
      },
      {
        columns: ["what grows", "x", "processor ms a step", "MB above the process before"],
        rows: curves.flatMap(({ name, points }) => points.map(({ x, cpuMs, bytes }) => [name, x, Math.round(cpuMs), Math.round(bytes / 1e6)])),
      },
    ],
    notes: [
      "One thread, by the processor's time, the best of three steps of training, of twenty of sampling; each point in a process of its own. Memory is the peak less what the process held before it began: weights in it, and what the graph and the runtime session take, whatever the size: what is the same at every size flattens an exponent, so that of the two largest is given too.",
      "Attention is what makes time grow faster than its tokens, and memory towards their square; recomputation leaves one layer of it.",
    ],
  });
  makePages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
