/**
 * `npm run demo`: two rounds on the embedded model, by the commands a user would type, then a page on what happened.
 * FOLDER and ROWS (of the prompts) may be named, and with --oracle which script judges.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { DEMO_ORACLES, type DemoOracle, demoOracleSchema } from "#app/contract/host.ts";
import { resultOverviewSchema } from "#app/contract/result-views.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { duration } from "#main/cli/format.ts";
import { type Answer, demoPage } from "./demo-page.ts";
import { tasteOf } from "./demo-tastes.ts";

const root = join(import.meta.dirname, "..", "..");
const resources = join(root, "resources");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { oracle: { type: "string" } } });
const wanted = demoOracleSchema.optional().safeParse(values.oracle);
if (!wanted.success) fail(`expected --oracle ${DEMO_ORACLES.join(" or ")}, got ${values.oracle ?? ""}`);
const [folder = wanted.data === undefined ? "demo" : join("demo", wanted.data), rows] = positionals;
const demo = resolve(positionals.length === 0 ? join(root, folder) : folder);
const experiment = join(demo, "experiment");
const oracleFile = join(demo, "oracle.txt");
const oracle = await oracleOf(wanted.data);
const config = join(resources, "demo", `${oracle}.json`);
const taste = tasteOf(oracle, experimentConfigSchema.parse(JSON.parse(await readFile(config, "utf8"))).oracle);

/** Of a demo that goes on: that with which it began. */
async function oracleOf(asked: DemoOracle | undefined): Promise<DemoOracle> {
  const known = existsSync(oracleFile) ? demoOracleSchema.parse((await readFile(oracleFile, "utf8")).trim()) : undefined;
  if (known !== undefined && asked !== undefined && known !== asked) {
    fail(`${shown(demo)} is a demo with the oracle ${known}; name another folder for ${asked}`);
  }
  return known ?? asked ?? "happy-ending";
}

function fail(sentence: string): never {
  process.stderr.write(`demo: ${sentence}\n`);
  process.exit(2);
}

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

/** What else the demo can be judged by. */
const OTHERS: readonly (readonly [DemoOracle, string])[] = [
  ["happy-ending", "a script that likes stories to end well"],
  ["place-described", "another taste: stories that say what the place looks like"],
  ["cycle", "a taste that goes round, happy over open over sad over happy endings: the lab finds out, and claims no progress"],
];

const startedAtMs = performance.now();
if (existsSync(experiment)) {
  say(`The demo goes on in ${shown(demo)} with another round; delete that folder to begin anew.`);
  nashlab("round", "--dir", experiment);
} else {
  await mkdir(demo, { recursive: true });
  await writeFile(oracleFile, `${oracle}\n`);
  say(`A demo in ${shown(demo)}: a small language model learns from a script that ${taste.likes}. Nothing is fetched, nothing is sent.`);
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
  return { results, before: await answersOf(first), after: await answersOf(last), taste };
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

function again(): string {
  return ["npm run demo", ...(positionals.length === 0 && values.oracle === undefined ? [] : ["--", ...process.argv.slice(2)])].join(" ");
}

function nextSteps(): readonly (readonly [string, string])[] {
  const dir = shown(experiment);
  return [
    [`npx nashlab open ${dir}`, "look at all this in the browser: the stories, the training curves, the win rates"],
    [again(), "another round on top of these"],
    ...OTHERS.filter(([other]) => other !== oracle).map(([other, what]) => [`npm run demo -- --oracle ${other}`, what] as const),
    ["npx nashlab init yours", "an experiment in which you judge; then policy add, prompts import, round, and nashlab open"],
  ];
}
