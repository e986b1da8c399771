/** Commands: what came out, and files for other tools. */
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import * as z from "zod";
import { resultTables, toCsv } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { ConfigError } from "#app/base/errors.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { absolute, addCommand, addGroup, type CommandContext, done, onlyArgument, type RunCommand, wholeNumber } from "../command.ts";
import { plural } from "../format.ts";
import { requireExperiment } from "../require.ts";
import { resultsText } from "../results-text.ts";
import { addCompareCommand } from "./compare.ts";

export function addResultCommands(program: Command, runCommand: RunCommand): void {
  addResults(program, runCommand);
  addCompareCommand(program, runCommand);
  const exports = addGroup(program, "export", "write files for other tools");
  addExportPairs(exports, runCommand);
  addExportResponses(exports, runCommand);
  addExportPolicy(exports, runCommand);
}

function addResults(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "results",
    summary: "show what the policies came to, and which to use",
    description:
      "Shows which policy to use and why, win rates by round (raw and length-controlled), everyone against everyone, and signs of a collapse; as files too.",
    options: [
      new Option("--split <split>", "of which held-out prompts (default: the settings')").choices(["validation", "test"]),
      new Option("--html <file>", "also write a report as one HTML file"),
      new Option("--csv <folder>", "also write each table as a CSV file into a folder"),
      new Option("--calibration <file>", "first read prompt difficulties and length anchors (JSON lines), for AlpacaEval's full length control"),
      forceOption(),
    ],
    schema: z.object({
      split: z.enum(["validation", "test"]).optional(),
      html: z.string().optional(),
      csv: z.string().optional(),
      calibration: z.string().optional(),
      force: z.boolean().default(false),
    }),
    examples: ["nashlab results", "nashlab results --json", "nashlab results --html report.html", "nashlab results --split test --csv tables"],
    run: async (context, options) =>
      await context.labs.use(context.folder, async ({ client }) => {
        await requireExperiment(client, context.folder);
        if (options.calibration !== undefined) await client.results.importCalibration({ path: absolute(context, options.calibration) });
        const split = options.split === undefined ? {} : { split: options.split };
        const [results, overview] = [await client.results.table(), await client.results.overview(split)];
        if (overview === null) return done({ results, overview, files: [] }, "No round has been evaluated yet.");
        const files: string[] = [];
        if (options.html !== undefined) {
          const path = await freePath(context, options.html, options.force, "--html");
          await writeText(path, (await client.results.report(split)).html);
          files.push(path);
        }
        if (options.csv !== undefined) files.push(...(await writeTables(context, overview, options.csv, options.force)));
        return done({ results, overview, files }, [resultsText(overview), ...files.map((file) => `Wrote ${file}.`)].join("\n\n"));
      }),
  });
}

async function writeTables(context: CommandContext, overview: ResultOverview, folder: string, isForced: boolean): Promise<string[]> {
  const paths: string[] = [];
  await mkdir(absolute(context, folder), { recursive: true }).catch((cause: unknown) => {
    throw new ConfigError(`--csv: ${folder} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`, {}, { cause });
  });
  for (const table of resultTables(overview)) {
    const path = await freePath(context, join(folder, `${table.id}.csv`), isForced, "--csv");
    await writeText(path, toCsv(table));
    paths.push(path);
  }
  return paths;
}

async function writeText(path: string, content: string): Promise<void> {
  await writeFile(path, content, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { path }, { cause });
  });
}

const outOption = (what: string): Option => new Option("--out <path>", `where to write ${what}`).makeOptionMandatory();
const forceOption = (): Option => new Option("--force", "replace what is there");

function addExportPairs(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "pairs",
    summary: "write preference pairs as TRL's JSONL",
    options: [outOption("the JSONL file"), new Option("--round <n>", "only the pairs of one round").argParser(wholeNumber(1)), forceOption()],
    schema: z.object({ out: z.string(), round: z.number().optional(), force: z.boolean().default(false) }),
    examples: ["nashlab export pairs --out pairs.jsonl", "nashlab export pairs --round 1 --out round-1.jsonl"],
    run: async (context, { out, round, force }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.results.exportPairs({ path, ...(round === undefined ? {} : { round }) });
        return done({ written }, `Wrote ${plural(written.rows, "pair")} to ${written.path}.`);
      }),
  });
}

function addExportResponses(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "responses",
    summary: "write a policy's held-out responses in AlpacaEval's form",
    options: [
      new Option("--policy <name>", "whose responses").makeOptionMandatory(),
      new Option("--split <split>", "of which prompts").choices(splitSchema.options).default("test"),
      outOption("the JSON file"),
      forceOption(),
    ],
    schema: z.object({ out: z.string(), policy: z.string(), split: splitSchema, force: z.boolean().default(false) }),
    examples: ["nashlab export responses --policy r1 --split validation --out r1.json"],
    run: async (context, { out, policy, split, force }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.results.exportResponses({ path, policy, split });
        return done({ written }, `Wrote ${plural(written.rows, "response")} to ${written.path}.`);
      }),
  });
}

function addExportPolicy(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "policy",
    summary: "write a policy's adapter as a PEFT folder",
    args: [{ name: "<name>", description: "the policy" }],
    options: [outOption("the folder"), forceOption()],
    schema: z.object({ out: z.string(), force: z.boolean().default(false) }),
    examples: ["nashlab export policy r1 --out r1-adapter"],
    run: async (context, { out, force }, args) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.policies.export({ policy: onlyArgument(args), path });
        return done({ written }, `Wrote ${plural(written.files.length, "file")} to ${written.path}.`);
      }),
  });
}

/** The absolute path to write to. Throws ConfigError if something is there and --force is not given. */
async function freePath(context: CommandContext, out: string, force: boolean, option = "--out"): Promise<string> {
  const path = absolute(context, out);
  if (force) return path;
  try {
    await access(path);
  } catch {
    return path;
  }
  throw new ConfigError(`${option}: expected a path where nothing is yet, got ${path}; --force replaces what is there.`, { path });
}
