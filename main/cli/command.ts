/** What every command is made of: its context, its outcome, its common options, its help. */
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import type { Connection } from "#main/host/connect.ts";
import type { UserFolders } from "#main/host/user-folders.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { givenOptions } from "./given-options.ts";
import type { Terminal } from "./terminal.ts";

/** How a command ends. `result` is what `--json` prints, `text` what people read. */
export type Outcome = {
  readonly exitCode: ExitCode;
  readonly result: Readonly<Record<string, unknown>>;
  readonly text?: string;
};

/** Connections to labs, as commands ask for them. */
export type Labs = {
  /** The lab of an experiment folder, for as long as the work takes. Throws FolderError if the folder has none. */
  use<T>(folder: string, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** The same for a folder that is to get an experiment; it is made if it is not there. */
  useFresh<T>(folder: string, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Stays open; the caller closes it. Sentences go to standard error. */
  connect(folder: string): Promise<Connection>;
};

export type CommandContext = {
  readonly terminal: Terminal;
  readonly cwd: string;
  /** What `--dir` names, absolute; the current folder without it. */
  readonly folder: string;
  readonly isFolderGiven: boolean;
  readonly labs: Labs;
  readonly userFolders: UserFolders;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The listener hears of Ctrl-C and its relatives, instead of the process ending; until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** A line that is not to be seen: typed without echo at a terminal, else the first of standard input. */
  readSecret(question: string): Promise<string>;
};

/** Runs one command: `options` come from commander, `args` are its arguments. */
export type RunCommand = (command: Command, work: (context: CommandContext) => Promise<Outcome>) => Promise<void>;

export type CommandSpec<Schema extends z.ZodType> = {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly args?: readonly { readonly name: string; readonly description: string }[];
  readonly options?: readonly Option[];
  /** Of the options as commander names them. */
  readonly schema: Schema;
  readonly examples: readonly string[];
  run(context: CommandContext, options: z.infer<Schema>, args: readonly string[]): Promise<Outcome>;
};

/** Adds a command with the common options (--dir, --json, --quiet) and its examples in the help. */
export function addCommand<Schema extends z.ZodType>(parent: Command, runCommand: RunCommand, spec: CommandSpec<Schema>): Command {
  const command = parent
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.description ?? spec.summary);
  addCommonOptions(command);
  for (const argument of spec.args ?? []) command.argument(argument.name, argument.description);
  for (const option of spec.options ?? []) command.addOption(option);
  setExamples(command, spec.examples);
  command.action(async () => {
    const options = spec.schema.parse(givenOptions(command));
    const args = command.args;
    await runCommand(command, async (context) => await spec.run(context, options, args));
  });
  return command;
}

/** Adds a command that only holds others; the common options may stand before the name of the one that is meant. */
export function addGroup(parent: Command, name: string, summary: string): Command {
  return addCommonOptions(parent.command(name).summary(summary).description(summary));
}

export function addCommonOptions(command: Command): Command {
  return command
    .option("-C, --dir <dir>", "the experiment's folder (default: the current folder)")
    .option("--json", "print one JSON object on standard output; progress goes to standard error")
    .option("-q, --quiet", "no progress and no news on standard error");
}

export const commonOptions = z.object({
  dir: z.string().optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
});

export function setExamples(command: Command, examples: readonly string[]): void {
  if (examples.length === 0) return;
  command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);
}

/** A parser for options that take a whole number within bounds. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const bound = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number ${bound}.`);
  };
}

/** An option that may be given several times. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before.map(String) : []), text]);
}

/** Paths are meant from where the command was given, wherever the lab runs. */
export function absolute(context: CommandContext, path: string): string {
  return resolve(context.cwd, path);
}

export function done(result: Readonly<Record<string, unknown>>, text: string): Outcome {
  return { exitCode: EXIT.ok, result, text };
}

/** The only argument of a command that has exactly one; commander has seen to it that it is there. */
export function onlyArgument(args: readonly string[]): string {
  return args[0] ?? "";
}
