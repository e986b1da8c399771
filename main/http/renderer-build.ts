/** Sees to it that the built page is there and not older than its sources. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InternalError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
const OUTPUT = join(PROJECT, "out/renderer");
const CONFIG = join(PROJECT, "vite.web.config.ts");
/** What the page is made of. */
const SOURCES = ["renderer", "app/contract", "app/domain", "app/base", "app/text", "package-lock.json", "vite.web.config.ts"];

/** The folder of the built page, built first (and said so) if it is missing or older than its sources. */
export async function ensureRenderer(say: (sentence: string) => void): Promise<string> {
  const builtAtMs = await modifiedAtMs(join(OUTPUT, "index.html"));
  const newestMs = Math.max(...(await Promise.all(SOURCES.map((source) => newestBelow(join(PROJECT, source))))));
  if (builtAtMs !== undefined && builtAtMs >= newestMs) return OUTPUT;
  say(builtAtMs === undefined ? hostWords.pageNotBuilt : hostWords.pageOld);
  // A tool of development: a packaged lab brings its page along.
  const { build } = await import("vite");
  await build({ configFile: CONFIG, logLevel: "error" });
  if ((await modifiedAtMs(join(OUTPUT, "index.html"))) === undefined) {
    throw new InternalError(`building ${CONFIG} left no index.html in ${OUTPUT}`);
  }
  return OUTPUT;
}

async function modifiedAtMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function newestBelow(path: string): Promise<number> {
  const ownMs = (await modifiedAtMs(path)) ?? 0;
  try {
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const times = await Promise.all(files.map(modifiedAtMs));
    return times.reduce<number>((newest, time) => Math.max(newest, time ?? 0), ownMs);
  } catch {
    // A file, or nothing.
    return ownMs;
  }
}
