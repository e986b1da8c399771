/** `node tools/run.cjs bench-peers-sampling FOLDER`: sampling beside Transformers, the same prompts, precision and threads; FOLDER is what tools/peers/sampling/setup.sh made. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
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

/** The checkpoint as Transformers reads it, by our own export. */
async function writeModel(): Promise<string> {
  const methods = createEngineMethods({ cacheDir });
  const call = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
  const { hash } = await methods.openCheckpoint({ path: model }, call);
  const path = join(scratch, "hf");
  const policy = { checkpointHash: hash, checkpointPath: model, adapterPath: null };
  await methods.writePolicy({ policy, path, layout: "hf", precision: "f32" }, call);
  return path;
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
  const hf = await writeModel();
  const job = await jobOf();
  const bench = (name: string): string => join(ROOT, "tools", "bench", name);
  const generate = join(ROOT, "tools", "peers", "sampling", "generate.py");
  const reports: readonly NamedReport[] = [
    { name: OURS, precision: "float32", report: run(OURS, process.execPath, [bench("peer-sampling-run.ts"), JSON.stringify(job)]) },
    {
      name: "Transformers' generate",
      precision: "float32",
      report: run("Transformers", join(folder, "bin", "python"), [generate, JSON.stringify({ ...job, model: hf, scratch })]),
    },
  ];
  writeRecord("sampling-peers", peerSamplingDraft(reports, job));
  makePages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
