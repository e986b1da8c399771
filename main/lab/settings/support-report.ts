/** A report for whoever helps: versions, what the doctor finds, settings, counts and errors; no prompt, no response, no key, no path of the user's. */
import { homedir, hostname, userInfo } from "node:os";
import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
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
  const error = (sentence: string): string => (withErrors ? redacted(sentence) : upkeepWords.leftOut);
  const { db } = lab.store;
  const report = {
    lab: { version, schema: schemaVersion(db), newer: lab.store.newer, node: process.version, platform: `${process.platform} ${process.arch}` },
    doctor: (await examine(lab)).map(({ name, ok, found, isPolicy }) => ({
      name: redacted(isPolicy === true ? upkeepWords.aPolicy : name),
      ok,
      found: ok ? redacted(found) : error(found),
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

/** What stands between quotes may be of a prompt or a reply; paths, addresses and long words may name people or be keys. */
function redacted(sentence: string): string {
  const known = [homedir(), hostname(), userInfo().username].filter((one) => one.length > 2);
  const plain = sentence
    .replace(/"[^"]*"?|“[^”]*”?|`[^`]*`?|'[^']{12,}'?/gu, "(text)")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, "(address)")
    .replace(/(?:[A-Za-z]:)?(?:[\\/][^\\/\s,;:]+)+[\\/]?/gu, "(path)")
    .replace(/[A-Za-z0-9_-]{20,}/gu, "(word)");
  return known.reduce((clean, one) => clean.replaceAll(one, "(name)"), plain).slice(0, 300);
}
