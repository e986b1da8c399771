/** Command lines run in this process, on the fake engine, in a folder of their own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type CliHost, runCli } from "#main/cli/run.ts";
import { openLabWith } from "#main/lab/open-lab.ts";
import { fakeDrivers, type FakeEngineOptions } from "#tests/support/fake-engine.ts";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { makeCheckpoint, writeLines } from "../lab/support.ts";

export type Ended = { readonly code: number; readonly out: string; readonly err: string };

export type Bench = {
  /** The current folder of the commands; everything lies below it. */
  readonly cwd: string;
  /** Where the experiment is made. */
  readonly folder: string;
  run(...args: readonly string[]): Promise<Ended>;
  /** The one object that a command with --json prints. */
  json(...args: readonly string[]): Promise<Readonly<Record<string, unknown>> & { readonly exitCode: number }>;
  /** Starts a command and leaves it to be interrupted or awaited. */
  start(...args: readonly string[]): Started;
};

export type Started = {
  readonly ended: Promise<Ended>;
  readonly soFar: () => Ended;
  interrupt(): void;
};

/** `secret` is what is typed where a command asks for a key; `more` is of the environment. */
export function createBench(engine: FakeEngineOptions = {}, secret = "", more: CliHost["env"] = {}): Bench {
  const cwd = tempFolder();
  const start = (...args: readonly string[]): Started => {
    let [out, err] = ["", ""];
    const listeners = new Set<() => void>();
    const host: CliHost = {
      streams: {
        stdout: (text) => {
          out += text;
        },
        stderr: (text) => {
          err += text;
        },
        isLive: false,
        columns: 100,
      },
      cwd,
      env: { NASHLAB_CACHE_DIR: join(cwd, "cache"), NASHLAB_CONFIG_DIR: join(cwd, "config"), NASHLAB_DATA_DIR: join(cwd, "data"), ...more },
      version: "0.0.0",
      openLab: async (options) => await openLabWith({ ...options, secrets: memorySecrets(host.env) }, fakeDrivers(engine)),
      onInterrupt: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      readSecret: () => Promise.resolve(secret),
    };
    const ended = runCli(args, host).then((code) => ({ code, out, err }));
    return {
      ended,
      soFar: () => ({ code: Number.NaN, out, err }),
      interrupt: () => {
        for (const listener of listeners) listener();
      },
    };
  };
  return {
    cwd,
    folder: join(cwd, "experiment"),
    start,
    run: async (...args) => await start(...args).ended,
    json: async (...args) => {
      const { out } = await start(...args, "--json").ended;
      return JSON.parse(out) as Readonly<Record<string, unknown>> & { readonly exitCode: number };
    },
  };
}

export const SETTINGS = [
  "oracle.kind=targetLength",
  "oracle.target=10",
  "sampling.responsesPerPrompt=3",
  "training.batchSize=4",
  "training.checkpointEverySteps=2",
].flatMap((setting) => ["--set", setting]);

/** A bench with an experiment, a policy and prompts, made by the commands themselves. */
export async function createReadyBench(engine: FakeEngineOptions = {}, settings: readonly string[] = SETTINGS, secret = ""): Promise<Bench> {
  const bench = createBench(engine, secret);
  mkdirSync(join(bench.cwd, "files"));
  const prompts = writeLines(bench.cwd, "files/prompts.jsonl", [
    ...Array.from({ length: 6 }, (_, i) => ({ prompt: `Training prompt ${i}`, split: "training" })),
    ...Array.from({ length: 20 }, (_, i) => ({ prompt: `Validation prompt ${i}`, split: "validation" })),
  ]);
  const commands = [
    ["init", bench.folder, "--name", "Bench", ...settings],
    ["policy", "add", makeCheckpoint(join(bench.cwd, "files"), "base"), "-C", bench.folder],
    ["prompts", "import", prompts, "-C", bench.folder],
  ];
  for (const command of commands) {
    const { code, err } = await bench.run(...command);
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${err}`);
  }
  return bench;
}
