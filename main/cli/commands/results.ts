/** Commands: what came out, and files for other tools. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import * as z from "zod";
import { resultTables, toCsv } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { ConfigError } from "#app/base/errors.ts";
import { absolute, addCommand, type CommandContext, done, type RunCommand } from "../command.ts";
import { forceOption, freePath } from "../free-path.ts";
import { requireExperiment } from "../require.ts";
import { resultsText } from "../results-text.ts";
import { addCompareCommand } from "./compare.ts";
import { addExportCommands } from "./exports.ts";

export function addResultCommands(program: Command, runCommand: RunCommand): void {
  addResults(program, runCommand);
  addCompareCommand(program, runCommand);
  addExportCommands(program, runCommand);
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
