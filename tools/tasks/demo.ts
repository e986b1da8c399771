/** `npm run demo`: one round on a tiny model made on the spot, by the commands a user would type; again: the next round. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";

const root = join(import.meta.dirname, "..", "..");
const demo = join(root, "demo");
const experiment = join(demo, "experiment");
const model = join(demo, "model");

/** A length that the tiny model's babble can learn: it ends its answers too late at first. */
const SETTINGS = [
  "oracle.kind=targetLength",
  "oracle.target=12",
  "sampling.responsesPerPrompt=6",
  "sampling.maxNewTokens=48",
  "sampling.temperature=1",
  "sampling.topP=1",
  "evaluation.temperature=1",
  "pairs.kind=winRateMargin",
  "pairs.minMargin=0.4",
  "splits.validationShare=0.5",
  "splits.testShare=0",
  "training.learningRate=0.0003",
  "training.epochs=1",
  "training.batchSize=16",
  "training.microBatchSize=8",
  "training.maxLength=256",
];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Shows a command as one would type it in the repository's folder, and runs it. */
function nashlab(...args: readonly string[]): void {
  const shown = args.map((arg) => (arg.startsWith(root) ? relative(root, arg) : arg));
  say(`\n$ npx nashlab ${shown.join(" ")}`);
  const { status } = spawnSync(process.execPath, [join(root, "main", "cli", "nashlab.js"), ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

if (existsSync(experiment)) {
  say(`The demo goes on in ${relative(root, demo)}; delete that folder to begin anew.`);
} else {
  await mkdir(demo, { recursive: true });
  say(`A demo in ${relative(root, demo)}: a tiny random language model learns from a script that prefers answers of 12 tokens.`);
  await writeTinyModel(model, { seed: 1 });
  nashlab("init", experiment, ...SETTINGS.flatMap((setting) => ["--set", setting]));
  nashlab("policy", "add", model, "--dir", experiment, "--name", "r0");
  nashlab("prompts", "import", join(root, "resources", "prompts", "everyday.jsonl"), "--dir", experiment);
}
nashlab("round", "--dir", experiment);
nashlab("results", "--dir", experiment);
say(`\nnpm start shows the lab in the browser; npx nashlab open ${relative(root, experiment)} shows this experiment.`);
