/** Commands: what came out, and files for other tools. */
import { access } from "node:fs/promises";
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import { ConfigError } from "#app/base/errors.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { absolute, addCommand, addGroup, type CommandContext, done, onlyArgument, type RunCommand, wholeNumber } from "../command.ts";
import { plural } from "../format.ts";
import { requireExperiment } from "../require.ts";
import { lengthSentence, opponentRoles, winRateSentence } from "../round-text.ts";

export function addResultCommands(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "results",
    summary: "show win rates and recommendations",
    schema: z.object({}),
    examples: ["nashlab results", "nashlab results --json"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const experiment = await requireExperiment(client, context.folder);
        const results = await client.results.table();
        return done({ results }, resultsText(results, experiment.config.evaluation.confidence));
      }),
  });
  const exports = addGroup(program, "export", "write files for other tools");
  addExportPairs(exports, runCommand);
  addExportResponses(exports, runCommand);
  addExportPolicy(exports, runCommand);
}

type ResultRows = Awaited<ReturnType<LabClient["results"]["table"]>>;

function resultsText(results: ResultRows, confidence: number): string {
  if (results.length === 0) return "No round has been evaluated yet.";
  return results
    .map((result) => {
      const lines = result.winRates.map((row) => {
        const roles = opponentRoles(row);
        return `  ${winRateSentence(row, confidence)}; ${lengthSentence(row)}${roles === "" ? "" : `; ${row.opponent} is ${roles}`}.`;
      });
      const looks = result.split === "test" ? [`  The test split has been looked at ${plural(result.testLooks, "time")}.`] : [];
      const lead = result.recommendation === null ? [] : [`  ${result.recommendation.sentence}`];
      return [`Round ${result.round}, ${result.split} prompts`, ...lead, ...lines, ...looks].join("\n");
    })
    .join("\n\n");
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
async function freePath(context: CommandContext, out: string, force: boolean): Promise<string> {
  const path = absolute(context, out);
  if (force) return path;
  try {
    await access(path);
  } catch {
    return path;
  }
  throw new ConfigError(`--out: expected a path where nothing is yet, got ${path}; --force replaces what is there.`, { path });
}
