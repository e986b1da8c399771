/** `node tools/run.cjs bench-sampling`: the rates of sampling SmolLM2-135M against their floors, in one run; writes the record of docs/results.md. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { userFolders } from "#main/host/user-folders.ts";
import { samplingDraft } from "../bench/sampling-draft.ts";
import type { SamplingJob, SamplingReport } from "../bench/sampling-shapes.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const THREADS = 2;
const REPEATS = 3;

const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const job: SamplingJob = { model, cacheDir: join(userFolders(process.env).cache, "tests"), threads: THREADS, repeats: REPEATS };
const output = execFileSync(process.execPath, [join(ROOT, "tools", "bench", "sampling-run.ts"), JSON.stringify(job)], {
  encoding: "utf8",
  env: { ...process.env, ...CHILD_ENVIRONMENT },
  stdio: ["ignore", "pipe", "inherit"],
});
writeRecord("sampling-speed", samplingDraft(JSON.parse(output) as SamplingReport, THREADS)); // printed by tools/bench/sampling-run.ts
makePages();
