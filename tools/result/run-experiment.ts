/** One experiment of the result, by the commands a user would type; each step looks first at what is done, so that it goes on after any kill. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ROOT } from "../checks/root.ts";
import type { ImportedRow } from "./prompts.ts";
import type { PlannedExperiment } from "./settings.ts";

const NASHLAB = join(ROOT, "main", "cli", "nashlab.js");
/** Stands in a folder once experiment, policies and prompts are there. */
const SET_UP = "set-up.json";

export type Started = { readonly folder: string; nashlab(...args: readonly string[]): string };

/** A policy that a set-up adds: a checkpoint, or an adapter's folder over the first. */
export type AddedPolicy = { readonly name: string; readonly path: string };

/** The commands of an experiment's folder; progress goes to the terminal, what a command prints is returned. */
export function commandsIn(folder: string): Started {
  return {
    folder,
    nashlab: (...args) =>
      execFileSync(process.execPath, [NASHLAB, ...args, "-C", folder], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        maxBuffer: 2 ** 28,
      }),
  };
}

/** Makes the experiment, unless that has been done to its end. */
export function setUp(
  folder: string,
  planned: Pick<PlannedExperiment, "name" | "config">,
  policies: readonly AddedPolicy[],
  prompts: readonly ImportedRow[],
): Started {
  const started = commandsIn(folder);
  if (existsSync(join(folder, SET_UP))) return started;
  // Setting up takes seconds; half a set-up is thrown away rather than mended.
  rmSync(folder, { recursive: true, force: true });
  const config = writeConfig(folder, planned);
  const lines = join(inputsOf(folder), "prompts.jsonl");
  writeFileSync(lines, prompts.map((row) => `${JSON.stringify(row)}\n`).join(""));
  started.nashlab("init", "--name", planned.name, "--config", config);
  for (const { name, path } of policies) started.nashlab("policy", "add", path, "--name", name);
  started.nashlab("prompts", "import", lines);
  writeFileSync(join(folder, SET_UP), `${JSON.stringify({ config: planned.config, prompts: prompts.length }, undefined, 2)}\n`);
  return started;
}

/** A copy of an experiment, with its own settings for what is still to be done; `original` is made only where it is needed. */
export function copyOf(original: () => Started, folder: string, planned: Pick<PlannedExperiment, "config">): Started {
  const copy = commandsIn(folder);
  if (existsSync(folder)) return copy;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  cpSync(original().folder, part, { recursive: true });
  commandsIn(part).nashlab("configure", "--config", writeConfig(folder, planned));
  renameSync(part, folder);
  return copy;
}

function inputsOf(folder: string): string {
  return `${folder}-inputs`;
}

/** Beside the folder: what a command reads must be there before the experiment is. */
function writeConfig(folder: string, { config }: Pick<PlannedExperiment, "config">): string {
  mkdirSync(inputsOf(folder), { recursive: true });
  const path = join(inputsOf(folder), "config.json");
  writeFileSync(path, `${JSON.stringify(config, undefined, 2)}\n`);
  return path;
}

const statusSchema = z.object({ rounds: z.array(z.object({ number: z.number(), isDone: z.boolean() })) });

export function roundsDone(started: Started): number {
  const { rounds } = statusSchema.parse(JSON.parse(started.nashlab("status", "--json")));
  return rounds.filter((round) => round.isDone).length;
}

/** Runs rounds until so many are done. */
export function runRounds(started: Started, rounds: number): void {
  while (roundsDone(started) < rounds) started.nashlab("round");
}

/** Lets the policies meet on the test prompts, once: what has met is not asked again. */
export function evaluateOnTest(started: Started, policies: readonly string[]): void {
  started.nashlab("configure", "--set", "evaluation.split=test");
  started.nashlab("compare", "--no-teacher", "--yes", ...policies.flatMap((policy) => ["--policy", policy]));
}
