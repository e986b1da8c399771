/** Commands: files for other tools. */
import { type Command, Option } from "commander";
import * as z from "zod";
import { type PairShape, pairShapeSchema } from "#app/contract/results.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { addCommand, addGroup, done, onlyArgument, type RunCommand, wholeNumber } from "../command.ts";
import { plural } from "../format.ts";
import { forceOption, freePath } from "../free-path.ts";

export function addExportCommands(program: Command, runCommand: RunCommand): void {
  const exports = addGroup(program, "export", "write files for other tools");
  addExportPairs(exports, runCommand);
  addExportResponses(exports, runCommand);
  addExportJudgments(exports, runCommand);
  addExportDataset(exports, runCommand);
  addExportPolicy(exports, runCommand);
}

const outOption = (what: string): Option => new Option("--out <path>", `where to write ${what}`).makeOptionMandatory();
const roundOption = (): Option => new Option("--round <n>", "only the pairs of one round").argParser(wholeNumber(1));

const SHAPES: Readonly<Record<string, PairShape>> = { trl: "trl", "trl-text": "trlText", ultrafeedback: "ultraFeedback" };
const shapeOption = (): Option =>
  new Option("--shape <shape>", "TRL's rows with messages, TRL's rows as texts, or UltraFeedback binarised")
    .choices(Object.keys(SHAPES))
    .default("trl");
const shapeSchema = z.string().transform((name) => pairShapeSchema.parse(SHAPES[name]));

function addExportPairs(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "pairs",
    summary: "write preference pairs as TRL or UltraFeedback have them",
    description: "Writes preference pairs with explicit prompts. The format is the file's ending: .jsonl, .json, .csv or .parquet.",
    options: [outOption("the file"), shapeOption(), roundOption(), forceOption()],
    schema: z.object({ out: z.string(), shape: shapeSchema, round: z.number().optional(), force: z.boolean().default(false) }),
    examples: ["nashlab export pairs --out pairs.jsonl", "nashlab export pairs --round 1 --shape ultrafeedback --out round-1.parquet"],
    run: async (context, { out, shape, round, force }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.results.exportPairs({ path, shape, ...(round === undefined ? {} : { round }) });
        return done({ written }, `Wrote ${plural(written.rows, "pair")} to ${written.path}.`);
      }),
  });
}

function addExportResponses(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "responses",
    summary: "write a policy's held-out responses in AlpacaEval's form",
    description:
      "Writes one response of a policy a prompt. As .json it is a file of model outputs for alpaca_eval; .jsonl, .csv and .parquet hold the same rows.",
    options: [
      new Option("--policy <name>", "whose responses").makeOptionMandatory(),
      new Option("--split <split>", "of which prompts").choices(splitSchema.options).default("test"),
      outOption("the file"),
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

function addExportJudgments(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "judgments",
    summary: "write every judgment with its texts, oracle, template, order and cost",
    description:
      "Writes every judgment that was ever made, oldest first; those that count have is_live. In .csv a text that a spreadsheet would take for a formula stands behind an apostrophe.",
    options: [
      outOption("the file (.csv, .jsonl, .json or .parquet)"),
      new Option("--number-people", "write person 1 and so on for names"),
      forceOption(),
    ],
    schema: z.object({ out: z.string(), numberPeople: z.boolean().default(false), force: z.boolean().default(false) }),
    examples: ["nashlab export judgments --out judgments.csv"],
    run: async (context, { out, numberPeople, force }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.results.exportJudgments({ path, numbersPeople: numberPeople });
        return done({ written }, `Wrote ${plural(written.rows, "judgment")} to ${written.path}.`);
      }),
  });
}

function addExportDataset(exports: Command, runCommand: RunCommand): void {
  addCommand(exports, runCommand, {
    name: "dataset",
    summary: "write a folder for the Hugging Face hub: pairs, provenance, prompts, judgments, a card",
    options: [
      outOption("the folder"),
      shapeOption(),
      new Option("--format <format>", "of the files").choices(["parquet", "jsonl"]).default("parquet"),
      roundOption(),
      forceOption(),
    ],
    schema: z.object({
      out: z.string(),
      shape: shapeSchema,
      format: z.enum(["parquet", "jsonl"]),
      round: z.number().optional(),
      force: z.boolean().default(false),
    }),
    examples: ["nashlab export dataset --out haiku-pairs", "nashlab export dataset --out haiku-pairs --shape ultrafeedback --format jsonl"],
    run: async (context, { out, shape, format, round, force }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const path = await freePath(context, out, force);
        const written = await client.results.exportDataset({ path, shape, format, replace: force, ...(round === undefined ? {} : { round }) });
        return done({ written }, `Wrote ${plural(written.rows, "pair")} in ${plural(written.files.length, "file")} to ${written.path}.`);
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
