/** A report for whoever helps: versions, what the doctor finds, settings, counts and errors; no prompt, no response, no key, no path of the user's. */
import { homedir, hostname, userInfo } from "node:os";
import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute } from "node:path";
import { upkeepWords } from "#app/text/upkeep.ts";
import { number, type ReadableDb, text, textOrNull } from "#main/store/database.ts";
import { schemaVersion } from "#main/store/migrate.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import type { LabContext } from "../context.ts";
import { examine } from "./doctor.ts";

/** Settings whose words are of a fixed list; every other text of the configuration is left out. */
const WORDS = new Set(["kind", "mode", "schedule", "trains", "opponents", "split", "unit", "of", "targets"]);

type Wanted = {
  readonly path: string;
  /** What went wrong, in words: no list can say which of them are of a prompt, so they are left out unless asked for. */
  readonly withErrors: boolean;
  readonly version: string;
};

/** Writes one gzipped JSON file; returns its parts' names. */
export async function writeSupportReport(lab: LabContext, { path, withErrors, version }: Wanted): Promise<readonly string[]> {
  const { db } = lab.store;
  const known = knownOf(lab);
  const redact = (sentence: string): string => redacted(sentence, known);
  const error = (sentence: string): string => (withErrors ? redact(sentence) : upkeepWords.leftOut);
  const report = {
    lab: { version, schema: schemaVersion(db), newer: lab.store.newer, node: process.version, platform: `${process.platform} ${process.arch}` },
    doctor: (await examine(lab)).map(({ name, ok, found, isPolicy }) => ({
      name: redact(isPolicy === true ? upkeepWords.aPolicy : name),
      ok,
      // Of a policy it is where its checkpoint lies.
      found: !ok ? error(found) : isPolicy === true ? upkeepWords.leftOut : redact(found),
    })),
    settings: withoutTexts(getExperiment(db)?.config ?? null),
    counts: countsOf(db),
    attempts: attemptsOf(db, error),
  };
  await writeFile(path, gzipSync(JSON.stringify(report, null, 2)));
  return Object.keys(report);
}

/** Numbers, switches and words of fixed lists. */
function withoutTexts(value: unknown, key = ""): unknown {
  if (typeof value === "string") return WORDS.has(key) ? value : upkeepWords.leftOut;
  if (Array.isArray(value)) return value.map((one) => withoutTexts(one, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutTexts(inner, name)]));
}

function countsOf(db: ReadableDb): Record<string, number> {
  const tables = db
    .all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .map((row) => text(row, "name"));
  return Object.fromEntries(tables.map((table) => [table, number(db.get(`SELECT count(*) AS n FROM "${table}"`) ?? { n: 0 }, "n")]));
}

function attemptsOf(db: ReadableDb, error: (sentence: string) => string): unknown[] {
  return db
    .all(
      `SELECT r.number AS round, a.stage, a.number, a.state, a.units_done, a.units_total, a.active_ms, a.engine_deaths, a.error
       FROM stage_attempt a JOIN round r ON r.id = a.round_id ORDER BY a.created_at, a.id`,
    )
    .map((row) => {
      const sentence = textOrNull(row, "error");
      return { ...row, error: sentence === null ? null : error(sentence) };
    });
}

type Known = { readonly folders: readonly string[]; readonly names: readonly string[] };

/** Shorter ones would be found in every sentence, and "/" in every path. */
const MIN_KNOWN = 3;

/** What tells of this user and this experiment alone: folders, the longest first, and names. */
function knownOf({ folder, store: { db } }: LabContext): Known {
  const checkpoints = db.all("SELECT path FROM checkpoint").map((row) => text(row, "path"));
  const places = [folder, ...checkpoints].filter((path) => isAbsolute(path)).flatMap((path) => [path, dirname(path)]);
  const names = [hostname(), userInfo().username, basename(folder), getExperiment(db)?.name ?? ""];
  const longestFirst = (all: readonly string[]): string[] =>
    [...new Set(all)].filter((one) => one.length >= MIN_KNOWN).sort((a, b) => b.length - a.length);
  return { folders: longestFirst([...places, homedir()]), names: longestFirst(names) };
}

/**
 * What is known goes first, as no pattern tells where a folder with a space in its name ends. What stands between quotes
 * may be of a prompt or a reply; paths, addresses and long words may name people or be keys.
 */
function redacted(sentence: string, { folders, names }: Known): string {
  const withoutFolders = folders.reduce((clean, one) => clean.replaceAll(one, "(path)"), sentence);
  return names
    .reduce((clean, one) => clean.replaceAll(one, "(name)"), withoutFolders)
    .replace(/"[^"]*"?|“[^”]*”?|`[^`]*`?|'[^']{12,}'?/gu, "(text)")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, "(address)")
    .replace(PATH, "(path)")
    .replace(/(?:\(path\))+/gu, "(path)")
    .replace(/[A-Za-z0-9_-]{20,}/gu, "(word)")
    .slice(0, 300);
}

/** Folders on the way may have spaces in their names, as the slash after them tells. */
const PATH = /(?:[A-Za-z]:)?(?:[\\/](?:[^\\/,;:"\n]+(?=[\\/])|[^\\/\s,;:]+))+[\\/]?/gu;
