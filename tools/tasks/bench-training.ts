/** `node tools/run.cjs bench-training`: speed, memory and forecasts of training on SmolLM2-135M, in one run; writes the record of docs/results.md. */
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { heldBytesOf } from "#main/engine/runtime/process-memory.ts";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { userFolders } from "#main/host/user-folders.ts";
import type { BenchJob } from "../bench/training-run.ts";
import { type MeasuredShape, trainingDraft } from "../bench/training-draft.ts";
import { FORECAST_SHAPES, type RunReport, runReportSchema } from "../bench/training-shapes.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const THREADS = 2;
const STEPS = 3;
const WINDOW_MS = 400;
const WATCH_MS = 100;

const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const cacheDir = join(userFolders(process.env).cache, "tests");

/** `watchEveryMs` 0: nobody looks at the process meanwhile, so that its times are its own. */
async function measure(job: Omit<BenchJob, "model" | "cacheDir">, watchEveryMs = 0): Promise<RunReport & { readonly mostHeldBytes: number }> {
  const script = join(ROOT, "tools", "bench", "training-run.ts");
  const running = promisify(execFile)(process.execPath, [script, JSON.stringify({ ...job, model, cacheDir })], {
    env: { ...process.env, ...CHILD_ENVIRONMENT },
    maxBuffer: 2 ** 26,
  });
  const { pid } = running.child;
  let mostHeldBytes = 0;
  const look = (): void => {
    if (pid !== undefined) mostHeldBytes = Math.max(mostHeldBytes, heldBytesOf(pid) ?? 0);
  };
  const watch = watchEveryMs === 0 ? undefined : setInterval(look, watchEveryMs);
  const { stdout } = await running.finally(() => {
    clearInterval(watch);
  });
  return { ...runReportSchema.parse(JSON.parse(stdout)), mostHeldBytes };
}

const measured: MeasuredShape[] = [];
for (const [i, shape] of FORECAST_SHAPES.entries()) {
  process.stderr.write(`bench-training: ${shape.name} ...\n`);
  // The first shape is the one that the floors are about.
  const isFirst = i === 0;
  const base = { shape, threads: THREADS, steps: 0, windowMs: 0, isPackingOnly: false };
  const { predictedMs, predictedBytes } = await measure(base);
  const found = await measure({ ...base, steps: STEPS, windowMs: isFirst ? WINDOW_MS : 0 });
  const { mostHeldBytes } = await measure({ ...base, steps: STEPS }, WATCH_MS);
  const { packedMs, packedCpuMs, naiveMs, naiveCpuMs } = isFirst ? await measure({ ...base, isPackingOnly: true }) : found;
  measured.push({ shape, mostHeldBytes, report: { ...found, packedMs, packedCpuMs, naiveMs, naiveCpuMs, predictedMs, predictedBytes } });
}
writeRecord("training-speed", trainingDraft(measured, THREADS));
makePages();
