/** `node tools/run.cjs bench-training`: speed, memory and forecasts of training on SmolLM2-135M, in one run; writes the record of docs/results.md. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { userFolders } from "#main/host/user-folders.ts";
import type { BenchJob } from "../bench/training-run.ts";
import { trainingDraft } from "../bench/training-draft.ts";
import { FORECAST_SHAPES, type RunReport, runReportSchema } from "../bench/training-shapes.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const THREADS = 2;
const STEPS = 3;
const WINDOW_MS = 400;

const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const cacheDir = join(userFolders(process.env).cache, "tests");

function measure(job: Omit<BenchJob, "model" | "cacheDir">): RunReport {
  const script = join(ROOT, "tools", "bench", "training-run.ts");
  const output = execFileSync(process.execPath, [script, JSON.stringify({ ...job, model, cacheDir })], {
    encoding: "utf8",
    env: { ...process.env, ...CHILD_ENVIRONMENT },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return runReportSchema.parse(JSON.parse(output));
}

const measured = FORECAST_SHAPES.map((shape, i) => {
  process.stderr.write(`bench-training: ${shape.name} ...\n`);
  // The first shape is the one that the floors are about.
  const isFirst = i === 0;
  const base = { shape, threads: THREADS, steps: 0, windowMs: 0, isPackingOnly: false };
  const said = measure(base);
  const found = measure({ ...base, steps: STEPS, windowMs: isFirst ? WINDOW_MS : 0 });
  const { packedMs, packedCpuMs, naiveMs, naiveCpuMs } = isFirst ? measure({ ...base, isPackingOnly: true }) : found;
  const { predictedMs, predictedBytes } = said;
  return { shape, report: { ...found, packedMs, packedCpuMs, naiveMs, naiveCpuMs, predictedMs, predictedBytes } };
});
writeRecord("training-speed", trainingDraft(measured, THREADS));
makePages();
