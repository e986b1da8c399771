/** The command line's entry on Node: the process's own streams, signals and exit code. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import * as z from "zod";
import { EXIT } from "./exit-codes.ts";
import { readSecret } from "./read-secret.ts";
import { runCli } from "./run.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal goes to the command if it listens; the second, or one that nobody hears, ends the process at once. */
function onInterrupt(listener: () => void): () => void {
  let isHeard = false;
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (isHeard) process.exit(signal === "SIGINT" ? EXIT.interrupted : 128 + constants.signals[signal]);
    isHeard = true;
    listener();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

process.exitCode = await runCli(process.argv.slice(2), {
  streams: {
    stdout: (text) => {
      process.stdout.write(text);
    },
    stderr: (text) => {
      process.stderr.write(text);
    },
    isLive: process.stderr.isTTY,
    columns: process.stderr.columns,
  },
  cwd: process.cwd(),
  env: process.env,
  version: z.object({ version: z.string() }).parse(manifest).version,
  // Loaded when a command needs it: help and refusals are quick.
  openLab: async (options) => await (await import("#main/lab/compose.ts")).openLab(options),
  onInterrupt,
  readSecret,
});
