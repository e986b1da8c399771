/** `npm run demo`: two rounds on the embedded model, by the commands a user would type, then a page on what happened. FOLDER and ROWS (of the prompts) may be named. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import * as z from "zod";
import { resultOverviewSchema } from "#app/contract/result-views.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { duration } from "#main/cli/format.ts";
import { type Answer, demoPage } from "./demo-page.ts";

const root = join(import.meta.dirname, "..", "..");
const resources = join(root, "resources");
const demo = resolve(process.argv[2] ?? join(root, "demo"));
const rows = process.argv[3];
const experiment = join(demo, "experiment");
const config = join(resources, "demo", "happy-ending.json");

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function shown(path: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") ? path : inside;
}

/** Shows a command as one would type it in the repository's folder, and runs it. */
function nashlab(...args: readonly string[]): void {
  say(`\n$ npx nashlab ${args.map((arg) => (arg.startsWith("/") ? shown(arg) : arg)).join(" ")}`);
  run(args, "inherit");
}

function run(args: readonly string[], stdout: "inherit" | "pipe"): string {
  const nashlabFile = join(root, "main", "cli", "nashlab.js");
  const child = spawnSync(process.execPath, [nashlabFile, ...args], { cwd: root, stdio: ["inherit", stdout, "inherit"], encoding: "utf8" });
  if (child.status !== 0) process.exit(child.status ?? 1);
  // Null where it was inherited, whatever the type says.
  return stdout === "inherit" ? "" : child.stdout;
}

const startedAtMs = performance.now();
if (existsSync(experiment)) {
  say(`The demo goes on in ${shown(demo)} with another round; delete that folder to begin anew.`);
  nashlab("round", "--dir", experiment);
} else {
  await mkdir(demo, { recursive: true });
  say(`A demo in ${shown(demo)}: a small language model learns from a script that likes stories to end well. Nothing is fetched, nothing is sent.`);
  nashlab("init", experiment, "--config", config);
  nashlab("policy", "add", join(resources, "embedded-model"), "--dir", experiment, "--name", "r0");
  nashlab("prompts", "import", join(resources, "demo", "prompts.jsonl"), "--dir", experiment, ...(rows === undefined ? [] : ["--limit", rows]));
  nashlab("round", "--dir", experiment, "--rounds", "2");
}
const report = join(demo, "report.html");
nashlab("results", "--dir", experiment, "--html", report, "--force", "--quiet");

const pagePath = join(demo, "page.txt");
const page = demoPage({ ...(await factsOf()), places: placesOf(), next: nextSteps() });
await writeFile(pagePath, `${page.trim()}\n`);
say(page);
say(`\nThis page is ${shown(pagePath)}. All of it took ${duration(performance.now() - startedAtMs)}.`);

async function factsOf() {
  const resultsSchema = z.looseObject({ overview: resultOverviewSchema });
  const results = resultsSchema.parse(JSON.parse(run(["results", "--dir", experiment, "--json"], "pipe"))).overview;
  const [first, last] = [results.players[0]?.name ?? "", results.rounds.at(-1)?.policy ?? ""];
  const { oracle } = experimentConfigSchema.parse(JSON.parse(await readFile(config, "utf8")));
  const pattern = new RegExp(oracle.kind === "regex" ? oracle.pattern : "", "u");
  return { results, before: await answersOf(first), after: await answersOf(last), isWanted: (text: string) => pattern.test(text) };
}

/** A policy's stories to the held-out prompts, by the prompts' texts. */
async function answersOf(policy: string): Promise<readonly Answer[]> {
  const path = join(demo, `${policy}.json`);
  run(["export", "responses", "--dir", experiment, "--policy", policy, "--split", "validation", "--out", path, "--force", "--quiet"], "pipe");
  const schema = z.array(z.object({ instruction: z.string(), output: z.string() }));
  return schema.parse(JSON.parse(await readFile(path, "utf8"))).map(({ instruction, output }) => ({ prompt: instruction, text: output }));
}

function placesOf(): readonly (readonly [string, string])[] {
  return [
    [shown(experiment), "the experiment: every story, verdict, pair and step, with what came of it; the trained adapters lie there too"],
    [shown(report), "all results as one page for a browser"],
    [shown(join(resources, "embedded-model")), "the model, with a card that says how it was made; Transformers loads it as well"],
    [shown(join(resources, "demo")), "the demo's prompts and settings"],
  ];
}

function nextSteps(): readonly (readonly [string, string])[] {
  const dir = shown(experiment);
  return [
    [`npx nashlab open ${dir}`, "look at all this in the browser: the stories, the training curves, the win rates"],
    ["npm run demo", "another round on top of these"],
    [
      `npx nashlab init mine --config ${shown(join(resources, "demo", "place-described.json"))}`,
      "another taste: stories that say what the place looks like (cycle.json: a taste that goes round; random.json: none at all)",
    ],
    ["npx nashlab init yours", "an experiment in which you judge; then policy add, prompts import, round, and nashlab open"],
  ];
}
