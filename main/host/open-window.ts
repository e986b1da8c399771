/** `nashlab open` with a window: builds the shell if it is older than its sources, starts Electron on it, and waits for its end. */
import { execFile, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { hostWords } from "#app/text/host.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
const ENTRY = join(PROJECT, "out", "main", "index.js");
/** What the window is made of. */
const SOURCES = ["app", "main", "renderer", "electron.vite.config.ts", "vite.web.config.ts", "package-lock.json"];

export type OpenWindowOptions = {
  readonly electron: string;
  /** An experiment's folder, absolute; the window chooses without it. */
  readonly folder: string | undefined;
  readonly note: (sentence: string) => void;
};

/** Resolves to the exit code when the window's program has ended. */
export async function openWindow({ electron, folder, note }: OpenWindowOptions): Promise<number> {
  await ensureShell(note);
  const args = [PROJECT, ...(folder === undefined ? [] : [`--experiment=${folder}`])];
  return await new Promise<number>((resolve, reject) => {
    // In a terminal of an editor that is itself Electron this may be set; the window would then be a plain Node.
    const env = { ...process.env };
    delete env["ELECTRON_RUN_AS_NODE"];
    const child = spawn(electron, args, { stdio: "inherit", env });
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

async function ensureShell(note: (sentence: string) => void): Promise<void> {
  const builtAtMs = modifiedAtMs(ENTRY);
  if (builtAtMs !== undefined && builtAtMs >= Math.max(...SOURCES.map((source) => newestBelow(join(PROJECT, source))))) return;
  note(builtAtMs === undefined ? hostWords.windowNotBuilt : hostWords.windowOld);
  const cli = join(PROJECT, "node_modules", "electron-vite", "bin", "electron-vite.js");
  await promisify(execFile)(process.execPath, [cli, "build", "--logLevel", "warn"], { cwd: PROJECT });
}

function modifiedAtMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function newestBelow(path: string): number {
  if (statSync(path).isFile()) return modifiedAtMs(path) ?? 0;
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((newest, file) => Math.max(newest, modifiedAtMs(join(file.parentPath, file.name)) ?? 0), 0);
}
