/** `node tools/run.cjs bench-peers-sampling FOLDER`: sampling beside Transformers and llama.cpp, the same prompts, precision and threads; FOLDER is what tools/peers/sampling/setup.sh made. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import type { SamplingPrecision } from "#app/domain/sampling.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { createEngineMethods } from "#main/engine/process/engine-methods.ts";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { userFolders } from "#main/host/user-folders.ts";
import { type NamedReport, OURS, peerSamplingDraft } from "../bench/peer-sampling-draft.ts";
import { type PeerReport, peerReportSchema, type PeerSamplingJob } from "../bench/peer-sampling.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const ROWS = [32, 1];
const THREADS = 2;
const REPEATS = 3;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("bench-peers-sampling: expected the folder of the peers; tools/peers/sampling/setup.sh FOLDER makes it.\n");
  process.exit(2);
}
const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const scratch = mkdtempSync(join(tmpdir(), "nashlab-peers-"));
const cacheDir = join(userFolders(process.env).cache, "tests");

function run(name: string, command: string, args: readonly string[]): PeerReport {
  process.stderr.write(`bench-peers-sampling: ${name} ...\n`);
  const env = { ...process.env, ...(command === process.execPath ? CHILD_ENVIRONMENT : {}), OMP_NUM_THREADS: String(THREADS), HF_HUB_OFFLINE: "1" };
  const output = execFileSync(command, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] });
  return peerReportSchema.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}

/** The checkpoint as each peer reads it, by our own exports. */
async function writeModels(): Promise<{ readonly hf: string; readonly f32: string; readonly q8: string }> {
  const methods = createEngineMethods({ cacheDir });
  const call = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
  const { hash } = await methods.openCheckpoint({ path: model }, call);
  const policy = { checkpointHash: hash, checkpointPath: model, adapterPath: null };
  const paths = { hf: join(scratch, "hf"), f32: join(scratch, "f32.gguf"), q8: join(scratch, "q8_0.gguf") };
  await methods.writePolicy({ policy, path: paths.hf, layout: "hf", precision: "f32" }, call);
  await methods.writePolicy({ policy, path: paths.f32, layout: "gguf", precision: "f32" }, call);
  await methods.writePolicy({ policy, path: paths.q8, layout: "gguf", precision: "q8_0" }, call);
  return paths;
}

async function jobOf(): Promise<PeerSamplingJob> {
  const { tokenizerFiles } = await openCheckpoint(model, { cacheDir });
  const tokenizer = createTokenizer(tokenizerFiles);
  const lines = readFileSync(join(ROOT, "resources", "prompts", "everyday.jsonl"), "utf8")
    .trim()
    .split("\n");
  const prompts = lines.slice(0, Math.max(...ROWS)).map((line) => (JSON.parse(line) as { readonly prompt: string }).prompt); // our own file
  return {
    model,
    precision: "float32",
    scratch: cacheDir,
    prompts,
    promptIds: prompts.map((content) => tokenizer.promptIds([{ role: "user", content }])),
    rows: ROWS,
    newTokens: [64, 8],
    repeats: REPEATS,
    threads: THREADS,
    temperature: 0.8,
    topK: 50,
    topP: 0.95,
  };
}

try {
  const models = await writeModels();
  const job = await jobOf();
  const python = join(folder, "bin", "python");
  const ours = (precision: SamplingPrecision): NamedReport => ({
    name: OURS,
    precision,
    report: run(`${OURS} in ${precision}`, process.execPath, [
      join(ROOT, "tools", "bench", "peer-sampling-run.ts"),
      JSON.stringify({ ...job, precision }),
    ]),
  });
  const peer = (name: string, script: string, path: string, precision: SamplingPrecision): NamedReport => ({
    name,
    precision,
    report: run(`${name} in ${precision}`, python, [
      join(ROOT, "tools", "peers", "sampling", script),
      JSON.stringify({ ...job, model: path, precision, scratch }),
    ]),
  });
  const reports = [
    ours("float32"),
    peer("Transformers' generate", "generate.py", models.hf, "float32"),
    peer("llama.cpp", "llama_batch.py", models.f32, "float32"),
    ours("8bit"),
    peer("llama.cpp, Q8_0", "llama_batch.py", models.q8, "8bit"),
  ];
  writeRecord("sampling-peers", peerSamplingDraft(reports, job));
  makePages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
