/** What lies in a folder of this machine, and what of it the lab can use: for choosing files inside the page. */
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { FileUse, FolderListing } from "#app/contract/host.ts";
import { DataError } from "#app/base/errors.ts";
import { fileWords } from "#app/text/files.ts";
import { DATABASE_NAME } from "./experiment-folder.ts";

/** A page shows no more than this, and looks into no more folders. */
const MOST_ENTRIES = 500;
const PROMPT_FILE = /\.(jsonl|ndjson|json|csv|tsv|txt|parquet)(\.gz)?$/iu;
const CHECKPOINT_FILE = /\.gguf$/iu;

const words = fileWords.listing;

/** Hidden entries are left out. Throws DataError for a path that is no readable folder. */
export async function listFolder(wanted: string | undefined): Promise<FolderListing> {
  const path = resolve(wanted === undefined || wanted === "~" ? homedir() : wanted.replace(/^~[/\\]/u, `${homedir()}/`));
  const names = await namesIn(path);
  const shown = names.filter((name) => !name.startsWith("."));
  const entries = await Promise.all(shown.slice(0, MOST_ENTRIES).map(async (name) => await entryOf(path, name)));
  const parent = dirname(path);
  return {
    path,
    parent: parent === path ? null : parent,
    use: useOfFolder(names),
    entries: entries.filter((entry) => entry !== undefined).sort(byKindThenName),
    isCut: shown.length > MOST_ENTRIES,
  };
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const reason = code === "ENOENT" ? words.noFolder : code === "ENOTDIR" ? words.isFile : words.unreadable;
    throw new DataError(words.refused(path, reason), { path }, { cause });
  }
}

type Entry = FolderListing["entries"][number];

/** Undefined for what is gone again, and for links that lead nowhere. */
async function entryOf(folder: string, name: string): Promise<Entry | undefined> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return { name, path, isFolder: false, use: useOfFile(name), sizeBytes: found.size };
  const within = await readdir(path).catch(() => []);
  return { name, path, isFolder: true, use: useOfFolder(within), sizeBytes: null };
}

function useOfFile(name: string): FileUse {
  if (CHECKPOINT_FILE.test(name)) return "checkpoint";
  return PROMPT_FILE.test(name) ? "prompts" : "other";
}

function useOfFolder(names: readonly string[]): FileUse {
  if (names.includes(DATABASE_NAME)) return "experiment";
  if (names.includes("adapter_config.json")) return "adapter";
  const hasWeights = names.some((name) => name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json"));
  return hasWeights && names.includes("config.json") ? "checkpoint" : "other";
}

function byKindThenName(a: Entry, b: Entry): number {
  return Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name, "en", { numeric: true });
}
