/** Commands: look at a data file, and import prompts and what came with them. */
import { type Command, Option } from "commander";
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { ColumnChoiceInput, ImportRequest } from "#app/contract/imports.ts";
import { columnChoiceSchema } from "#app/contract/imports.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { absolute, addCommand, addGroup, type CommandContext, done, onlyArgument, repeatable, type RunCommand, wholeNumber } from "../command.ts";
import { importText, lookText } from "../import-text.ts";
import { requireExperiment } from "../require.ts";

const ROLES = Object.keys(columnChoiceSchema.shape);

export function addPromptCommands(program: Command, runCommand: RunCommand): void {
  const prompts = addGroup(program, "prompts", "bring prompts into the experiment");
  addLook(prompts, runCommand);
  addImport(prompts, runCommand);
}

const fileArgument = { name: "<file>", description: "a JSONL, JSON, CSV, Parquet or text file; .gz too" };

const requestOptions = (): Option[] => [
  new Option("--split <split>", "put all of them into one split (default: what the file says, else by their hash)").choices(splitSchema.options),
  new Option("--limit <n>", "take at most so many rows").argParser(wholeNumber(1)),
  new Option("--offset <n>", "pass over so many rows first").argParser(wholeNumber(0)),
  repeatable("--column <role=name>", `take a column for ${ROLES.join(", ")}; may be given several times`),
  new Option("--no-pairs", "leave the file's own preferences behind"),
  new Option("--leave-out-near-copies", "leave out training prompts that nearly repeat a held-out one"),
];

const requestSchema = z.object({
  split: splitSchema.optional(),
  limit: z.number().optional(),
  offset: z.number().optional(),
  column: z.array(z.string()).default([]),
  pairs: z.boolean().default(true),
  leaveOutNearCopies: z.boolean().default(false),
});

function requestOf(context: CommandContext, options: z.infer<typeof requestSchema>, args: readonly string[]): ImportRequest {
  const { split, limit, offset } = options;
  return {
    path: absolute(context, onlyArgument(args)),
    columns: columnsOf(options.column),
    withPairs: options.pairs,
    nearCopies: options.leaveOutNearCopies ? "leaveOut" : "keep",
    ...(split === undefined ? {} : { split }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  };
}

function columnsOf(assignments: readonly string[]): ColumnChoiceInput {
  const pairs = assignments.map((assignment) => {
    const at = assignment.indexOf("=");
    const role = assignment.slice(0, at);
    if (at < 1 || !ROLES.includes(role)) throw new ConfigError(`--column: expected ROLE=NAME with a role of ${ROLES.join(", ")}, got ${assignment}.`);
    return [role, assignment.slice(at + 1)] as const;
  });
  return columnChoiceSchema.parse(Object.fromEntries(pairs));
}

function addLook(prompts: Command, runCommand: RunCommand): void {
  addCommand(prompts, runCommand, {
    name: "look",
    summary: "say what a data file holds and what importing it would do",
    description:
      "Reads a data file from end to end without storing anything: what it was taken for and why, three rows as the lab would store them, rejected rows, duplicates, and prompts that would stand on both sides of a split.",
    args: [fileArgument],
    options: requestOptions(),
    schema: requestSchema,
    examples: ["nashlab prompts look ultrafeedback.parquet", "nashlab prompts look questions.csv --column prompt=question"],
    run: async (context, options, args) => {
      const request = requestOf(context, options, args);
      return await context.labs.use(context.folder, async ({ client }) => {
        await requireExperiment(client, context.folder);
        const look = await client.experiments.lookAtImport(request);
        return done({ look }, lookText(look));
      });
    },
  });
}

function addImport(prompts: Command, runCommand: RunCommand): void {
  addCommand(prompts, runCommand, {
    name: "import",
    summary: "import prompts, teacher responses and preferences from a file",
    description:
      "Imports prompts from a JSONL, JSON, CSV, Parquet or text file in TRL's, UltraFeedback's, HH-RLHF's, Alpaca's or AlpacaEval's shape, with the teacher responses and the preferences that it has. Every row is checked before the first is stored. docs/data.md tells the shapes.",
    args: [fileArgument],
    options: [...requestOptions(), new Option("--skip-rejected", "store the good rows although some cannot be used")],
    schema: requestSchema.extend({ skipRejected: z.boolean().default(false) }),
    examples: [
      "nashlab prompts import prompts.jsonl",
      "nashlab prompts import held-out.jsonl --split validation --limit 40",
      "nashlab prompts import mixed.jsonl --skip-rejected",
      "nashlab prompts import questions.csv --column prompt=question --column teacher=answer",
    ],
    run: async (context, options, args) => {
      const request = requestOf(context, options, args);
      return await context.labs.use(context.folder, async ({ client }) => {
        const look = await client.experiments.lookAtImport(request);
        context.terminal.note(lookText(look));
        const report = await client.experiments.importPrompts({ ...request, skipRejected: options.skipRejected, contentHash: look.contentHash });
        return done({ report }, importText(report));
      });
    },
  });
}
