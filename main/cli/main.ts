/** The command line's entry on Node: the process's own streams, signals and exit code. */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { listenForInterrupts } from "./interrupts.ts";
import { readSecret } from "./read-secret.ts";
import { runCli } from "./run.ts";

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
  onInterrupt: (listener) => listenForInterrupts(process, listener),
  readSecret,
});
