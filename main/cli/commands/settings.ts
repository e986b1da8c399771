/** Commands: look after the lab itself, and open it in a browser. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import { ConfigError } from "#app/base/errors.ts";
import { findElectron } from "#main/host/electron-binary.ts";
import { hasExperiment } from "#main/host/experiment-folder.ts";
import type { GarbageReport } from "#app/contract/settings.ts";
import { addCommand, type CommandContext, done, type Outcome, type RunCommand, wholeNumber } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { bytes } from "../forecast-text.ts";
import { table } from "../format.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");

export function addSettingCommands(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "doctor",
    summary: "look whether all is well: machine, engine, database, files",
    description: "Looks at the machine, the engine, the database and the files of the experiment. Changes nothing.",
    schema: z.object({}),
    examples: ["nashlab doctor", "nashlab doctor -C ~/experiments/haiku"],
    run: async (context) => {
      if (await hasExperiment(context.folder)) {
        return await context.labs.use(context.folder, async ({ client }) => await examine(client, []));
      }
      // The machine can be examined without an experiment, in a folder that goes away again.
      const scratch = await mkdtemp(join(tmpdir(), "nashlab-doctor-"));
      const none = { name: "experiment", ok: true, found: `none in ${context.folder}; only the machine was looked at` };
      try {
        return await context.labs.useFresh(scratch, async ({ client }) => await examine(client, [none]));
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  });
  addGc(program, runCommand);
  addReport(program, runCommand);
  addOpen(program, runCommand);
}

function addReport(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "report",
    summary: "write a redacted report for whoever helps",
    description:
      "Writes versions, what the doctor finds, settings, counts and states of stages as one gzipped JSON file. Prompts, responses, keys, names, paths and the words of errors are left out; look into it (gunzip -c) before you send it.",
    options: [new Option("--with-errors", "what went wrong in words too, without what stands between quotes; they may still hold words of a text")],
    args: [{ name: "<file>", description: "where to write it, for instance report.json.gz" }],
    schema: z.object({ withErrors: z.boolean().default(false) }),
    examples: ["nashlab report report.json.gz", "nashlab report report.json.gz --with-errors"],
    run: async (context, { withErrors }, [file = ""]) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const { path, parts } = await client.settings.writeReport({ path: resolve(context.cwd, file), withErrors });
        return done({ path, parts }, `Wrote ${path}: ${parts.join(", ")}. Look into it before you send it.`);
      }),
  });
}

function addGc(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "gc",
    summary: "free the disk of what no live record needs",
    description:
      "Removes old training checkpoints, merged checkpoints on which no policy rests, and what a kill left behind. Adapters, checkpoints that rounds trained, exports, copies of the database and what a run goes on from stay.",
    options: [
      new Option("--dry-run", "only say what would go, how large it is, and why the rest stays"),
      new Option(
        "--keep <n>",
        "of each training run that is done, keep so many checkpoints, the best first (default: training.keepCheckpoints)",
      ).argParser(wholeNumber(0)),
    ],
    schema: z.object({ dryRun: z.boolean().default(false), keep: z.number().optional() }),
    examples: ["nashlab gc --dry-run", "nashlab gc", "nashlab gc --keep 0"],
    run: async (context, { dryRun, keep }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const report = dryRun ? await client.settings.garbage({ keep }) : await client.settings.collectGarbage({ keep });
        return done({ report }, garbageText(report));
      }),
  });
}

function garbageText({ items, kept, sizeBytes, isRemoved }: GarbageReport): string {
  const going = items.map((item) => [item.name, bytes(item.sizeBytes), item.why]);
  const staying = kept.map((one) => [one.what, bytes(one.sizeBytes), String(one.count)]);
  const verb = isRemoved ? "Freed" : "Would free";
  return [
    items.length === 0
      ? "Nothing is to be removed."
      : table([{ title: isRemoved ? "removed" : "would go" }, { title: "size", align: "right" }, { title: "why" }], going),
    ...(items.length === 0 ? [] : [`${verb} ${bytes(sizeBytes)}.`]),
    ...(kept.length === 0 ? [] : ["", table([{ title: "stays" }, { title: "size", align: "right" }, { title: "count", align: "right" }], staying)]),
  ].join("\n");
}

type Finding = { readonly name: string; readonly ok: boolean; readonly found: string };

async function examine(client: LabClient, first: readonly Finding[]): Promise<Outcome> {
  const findings = [...first, ...(await client.settings.doctor())];
  const isWell = findings.every((finding) => finding.ok);
  const rows = findings.map((finding) => [finding.name, finding.ok ? "well" : "NOT WELL", finding.found]);
  return {
    exitCode: isWell ? EXIT.ok : EXIT.failed,
    result: { isWell, findings },
    text: table([{ title: "what" }, { title: "state" }, { title: "found" }], rows),
  };
}

function addOpen(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "open",
    summary: "open the lab in a window, or in the browser",
    description:
      "Opens the lab in an Electron window if Electron's binary is on disk, else in the browser, and says which and why. In the browser it serves the page on 127.0.0.1 until Ctrl-C. Without a folder it opens the experiment of the current folder, else the one that was open last; the page offers to make one. A run goes on when the page is closed.",
    args: [{ name: "[folder]", description: "the experiment's folder; it is made if it is not there" }],
    options: [
      new Option("--browser", "open it in the browser, also where Electron is"),
      new Option("--no-browser", "serve the page and only print its address"),
      new Option("--port <n>", "the port of the page (default: 6274, or a free one if that is taken)").argParser(wholeNumber(1, 65535)),
    ],
    schema: z.object({ port: z.number().optional(), browser: z.boolean().optional() }),
    examples: ["nashlab open", "nashlab open ~/experiments/haiku", "nashlab open --browser", "nashlab open --port 8080 --no-browser"],
    run: async (context, { port, browser }, args) => {
      const [named] = args;
      if (named !== undefined && context.isFolderGiven) {
        throw new ConfigError(`open: expected one folder, got two: ${named} and --dir ${context.folder}.`);
      }
      const given = named === undefined ? undefined : resolve(context.cwd, named);
      const folder = given ?? (context.isFolderGiven ? context.folder : undefined);
      if (browser === undefined && port === undefined) {
        const binary = findElectron(PROJECT, context.env);
        if (binary.path !== null) return await openInWindow(context, binary.path, folder);
        context.terminal.note(`${binary.reason}, so the lab opens in the browser.`);
      } else {
        context.terminal.note(`The lab opens in the browser, as ${browser === undefined ? "--port" : browser ? "--browser" : "--no-browser"} says.`);
      }
      return await openPage(context, folder, port, browser ?? true);
    },
  });
}

async function openInWindow(context: CommandContext, electron: string, folder: string | undefined): Promise<Outcome> {
  context.terminal.note(`Electron's binary is on disk (${electron}), so the lab opens in a window; --browser opens it in the browser.`);
  const { openWindow } = await import("#main/host/open-window.ts");
  // Ctrl-C reaches the window's program too, which pauses what runs; this one waits for it.
  const stopListening = context.onInterrupt(() => undefined);
  const code = await openWindow({ electron, folder: folder ?? (await currentExperiment(context)), note: context.terminal.note });
  stopListening();
  return { exitCode: code === 0 ? EXIT.ok : EXIT.failed, result: { host: "window", folder: folder ?? null } };
}

async function currentExperiment(context: CommandContext): Promise<string | undefined> {
  return (await hasExperiment(context.cwd)) ? context.cwd : undefined;
}

async function openPage(context: CommandContext, folder: string | undefined, port: number | undefined, isBrowserWanted: boolean): Promise<Outcome> {
  // Only this command needs the HTTP host.
  const { openLabPage } = await import("#main/http/lab-page.ts");
  const { openBrowser } = await import("#main/host/open-browser.ts");
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const stopListening = context.onInterrupt(interrupt);
  const page = await openLabPage({
    folder,
    currentFolder: context.cwd,
    port,
    userFolders: context.userFolders,
    connect: context.labs.connect,
    devOrigin: context.env["NASHLAB_DEV_ORIGIN"],
    openBrowser: isBrowserWanted ? openBrowser : undefined,
    note: context.terminal.note,
  });
  context.terminal.print(page.url);
  await interrupted;
  context.terminal.note("Closing. What runs is paused at its next unit of work; Ctrl-C again stops at once.");
  await page.close();
  stopListening();
  return { exitCode: EXIT.ok, result: { url: page.url, folder: page.folder } };
}
