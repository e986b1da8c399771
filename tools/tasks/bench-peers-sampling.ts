/** `node tools/run.cjs bench-peers-sampling FOLDER`: sampling beside Transformers, transformers.js and llama.cpp, the same prompts, precision and threads; FOLDER is what tools/peers/sampling/setup.sh made. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
import { hashSources } from "../results/sources.ts";

const ROWS = [32, 1];
const THREADS = 2;
const REPEATS = 3;
const PEERS = join(ROOT, "tools", "peers", "sampling");

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("bench-peers-sampling: expected the folder of the peers; tools/peers/sampling/setup.sh FOLDER makes it.\n");
  process.exit(2);
}
const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const scratch = mkdtempSync(join(tmpdir(), "nashlab-peers-"));
const cacheDir = join(userFolders(process.env).cache, "tests");

function start(name: string, command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  process.stderr.write(`bench-peers-sampling: ${name} ...\n`);
  const env = { ...process.env, ...more, OMP_NUM_THREADS: String(THREADS), HF_HUB_OFFLINE: "1" };
  return execFileSync(command, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] });
}

function run(...call: Parameters<typeof start>): PeerReport {
  return peerReportSchema.parse(
    JSON.parse(
      start(...call)
        .trim()
        .split("\n")
        .at(-1) ?? "",
    ),
  );
}

/** The checkpoint as each peer reads it: by our own exports, and for transformers.js by Optimum from one of them. */
async function writeModels(): Promise<{ readonly hf: string; readonly f32: string; readonly q8: string; readonly onnx: string }> {
  const methods = createEngineMethods({ cacheDir });
  const call = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
  const { hash } = await methods.openCheckpoint({ path: model }, call);
  const policy = { checkpointHash: hash, checkpointPath: model, adapterPath: null };
  const paths = { hf: join(scratch, "hf"), f32: join(scratch, "f32.gguf"), q8: join(scratch, "q8_0.gguf") };
  await methods.writePolicy({ policy, path: paths.hf, layout: "hf", precision: "f32" }, call);
  await methods.writePolicy({ policy, path: paths.f32, layout: "gguf", precision: "f32" }, call);
  await methods.writePolicy({ policy, path: paths.q8, layout: "gguf", precision: "q8_0" }, call);
  return { ...paths, onnx: onnxModelOf(hash, paths.hf) };
}

/** Stays in the folder of the peers, as making it takes minutes. */
function onnxModelOf(checkpointHash: string, hf: string): string {
  const recipe = hashSources(["export_onnx.py", "requirements-onnx.txt"].map((name) => `tools/peers/sampling/${name}`));
  const target = join(folder ?? "", "models", `${checkpointHash.slice(0, 16)}-${recipe.slice(0, 16)}`);
  // Written last: a folder that has it is whole.
  if (!existsSync(join(target, "export.json"))) {
    rmSync(target, { recursive: true, force: true });
    start("export to ONNX", join(folder ?? "", "onnx", "bin", "python"), [join(PEERS, "export_onnx.py"), hf, target]);
  }
  return target;
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
    report: run(
      `${OURS} in ${precision}`,
      process.execPath,
      [join(ROOT, "tools", "bench", "peer-sampling-run.ts"), JSON.stringify({ ...job, precision })],
      CHILD_ENVIRONMENT,
    ),
  });
  const peer = (name: string, command: string, script: string, path: string, precision: SamplingPrecision): NamedReport => ({
    name,
    precision,
    report: run(`${name} in ${precision}`, command, [
      join(PEERS, script),
      JSON.stringify({ ...job, model: path, precision, scratch }),
      join(folder, "js"),
    ]),
  });
  const reports = [
    ours("float32"),
    peer("Transformers' generate", python, "generate.py", models.hf, "float32"),
    peer("transformers.js", process.execPath, "transformers-js.ts", models.onnx, "float32"),
    peer("llama.cpp", python, "llama_batch.py", models.f32, "float32"),
    ours("8bit"),
    peer("transformers.js, q8", process.execPath, "transformers-js.ts", models.onnx, "8bit"),
    peer("llama.cpp, Q8_0", python, "llama_batch.py", models.q8, "8bit"),
  ];
  writeRecord("sampling-peers", peerSamplingDraft(reports, job));
  makePages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
