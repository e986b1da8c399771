/** `node tools/run.cjs real-round PROMPTS.jsonl FOLDER`: one round of SmolLM2-135M-Instruct on 100 prompts of AlpacaEval, by the commands a user would type; writes the record of docs/results.md. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { memoryOfTree, pickPrompts, realRoundDraft, statusSchema } from "../results/real-round.ts";
import { writeRecord } from "../results/record.ts";

const NASHLAB = join(ROOT, "main", "cli", "nashlab.js");
const SETTINGS = [
  "oracle.kind=targetLength",
  "oracle.target=200",
  "sampling.responsesPerPrompt=4",
  "sampling.maxNewTokens=128",
  "pairs.kind=bestWorst",
  "training.batchSize=4",
  "training.learningRate=2e-4",
  "training.checkpointEverySteps=5",
];
const LOOK_EVERY_MS = 2000;

const [promptsPath, target] = process.argv.slice(2);
if (promptsPath === undefined || target === undefined) {
  process.stderr.write("real-round: expected AlpacaEval's prompts as JSONL (with a field instruction) and a folder for the experiment.\n");
  process.exit(2);
}
const folder = resolve(target);

function nashlab(...args: readonly string[]): string {
  return execFileSync(process.execPath, [NASHLAB, ...args, "-C", folder], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Runs the round, or goes on with it, and looks at the memory meanwhile. */
async function runRound(): Promise<number | undefined> {
  const child = spawn(process.execPath, [NASHLAB, "round", "-C", folder], { stdio: "inherit" });
  let peak: number | undefined;
  const timer = setInterval(() => {
    const now = child.pid === undefined ? undefined : memoryOfTree(child.pid);
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
  }, LOOK_EVERY_MS);
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`the round ended with exit code ${String(code)}`);
  return peak;
}

if (!existsSync(join(folder, "experiment.db"))) {
  nashlab("init", "--name", "real-round", ...SETTINGS.flatMap((setting) => ["--set", setting]));
  const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
  nashlab("policy", "add", model, "--name", "r0");
  mkdirSync(folder, { recursive: true });
  const picked = pickPrompts(readFileSync(promptsPath, "utf8"));
  const lines = join(folder, "prompts.jsonl");
  writeFileSync(lines, picked.map((row) => `${JSON.stringify(row)}\n`).join(""));
  nashlab("prompts", "import", lines);
}
const peakMemoryBytes = await runRound();
const status = statusSchema.parse(JSON.parse(nashlab("status", "--json")));
writeRecord("smollm2-first-round", realRoundDraft({ status, folder, peakMemoryBytes, settings: SETTINGS, notes: [] }));
makePages();
