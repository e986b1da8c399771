/** Runs one command line from arguments to exit code. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { CommanderError } from "commander";
import { userFolders } from "#main/host/user-folders.ts";
import type { OpenLab } from "#main/lab/lab.ts";
import { commonOptions, type CommandContext, type Outcome, type RunCommand } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { toFailure } from "./failure.ts";
import { createLabs } from "./labs.ts";
import { buildProgram } from "./program.ts";
import { createTerminal, type Streams } from "./terminal.ts";

export type CliHost = {
  readonly streams: Streams;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly openLab: OpenLab;
  onInterrupt(listener: () => void): () => void;
  readSecret(question: string): Promise<string>;
};

/** Resolves to the exit code; nothing is thrown, and nothing is written but through the host's streams. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const isJson = args.includes("--json");
  let outcome: Outcome | undefined;
  const runCommand: RunCommand = async (command, work) => {
    outcome = await work(contextOf(command, host));
    const { text, result } = outcome;
    if (isJson) host.streams.stdout(`${JSON.stringify({ ok: outcome.exitCode === EXIT.ok, exitCode: outcome.exitCode, ...result })}\n`);
    else if (text !== undefined && text !== "") host.streams.stdout(`${text}\n`);
  };
  const program = buildProgram(runCommand, host.version);
  configureOutput(program, host, isJson);
  try {
    await program.parseAsync([...args], { from: "user" });
    return outcome?.exitCode ?? EXIT.ok;
  } catch (thrown) {
    // Help and version are thrown as well; they have been printed.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    return reportFailure(thrown, host, isJson);
  }
}

function contextOf(command: Command, host: CliHost): CommandContext {
  const options = commonOptions.parse(command.optsWithGlobals());
  const terminal = createTerminal(host.streams, { isJson: options.json, isQuiet: options.quiet });
  const folders = userFolders(host.env);
  return {
    terminal,
    cwd: host.cwd,
    folder: resolve(host.cwd, options.dir ?? "."),
    isFolderGiven: options.dir !== undefined,
    labs: createLabs(host.openLab, folders, terminal, command.name() === "open" ? "http" : "cli", host.env),
    userFolders: folders,
    env: host.env,
    onInterrupt: host.onInterrupt,
    readSecret: host.readSecret,
  };
}

function reportFailure(thrown: unknown, host: CliHost, isJson: boolean): number {
  const { exitCode, code, message, details } = toFailure(thrown);
  if (isJson) host.streams.stdout(`${JSON.stringify({ ok: false, exitCode, error: { code, message, details } })}\n`);
  host.streams.stderr(`nashlab: ${message}\n`);
  if (code === "internal" && host.env["NASHLAB_DEBUG"] !== undefined && thrown instanceof Error) {
    host.streams.stderr(`${thrown.stack ?? ""}\n`);
  }
  return exitCode;
}

/** Commander writes help through the host; its errors are told by `reportFailure` alone. */
function configureOutput(command: Command, host: CliHost, isJson: boolean): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      host.streams.stdout(text);
    },
    writeErr: (text) => {
      if (!isJson) host.streams.stderr(text);
    },
    // What is left for standard error is the help of a command without its subcommand.
    outputError: () => undefined,
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
  });
  for (const child of command.commands) configureOutput(child, host, isJson);
}
