/** A record of what was measured: one JSON file in docs/results, from which docs/results.md is made. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { ROOT } from "../checks/root.ts";
import { hashSources } from "./sources.ts";

/** The parts of docs/results.md, in the order of the page. */
export const SECTIONS = ["Learning", "Correctness", "Speed", "Robustness", "Peers"] as const;

const cellSchema = z.union([z.string(), z.number()]);

const tableSchema = z
  .strictObject({ columns: z.array(z.string().min(1)).min(1).readonly(), rows: z.array(z.array(cellSchema).readonly()).min(1).readonly() })
  .refine((table) => table.rows.every((row) => row.length === table.columns.length), { message: "expected a cell for each column in each row" });

const rateSchema = z.number().min(0).max(1);

/** Win rates between 0 and 1 with their intervals, drawn before the tables. */
const winRateFigureSchema = z.strictObject({
  title: z.string().min(1),
  rows: z
    .array(z.strictObject({ name: z.string().min(1), winRate: rateSchema, low: rateSchema, high: rateSchema }))
    .min(1)
    .readonly(),
});
export type WinRateFigure = Readonly<z.infer<typeof winRateFigureSchema>>;

const draftSchema = z.strictObject({
  section: z.enum(SECTIONS),
  title: z.string().min(1),
  /** What was asked and what came out, in a few sentences. */
  summary: z.string().min(1),
  /** What to type in the repository's folder to measure it again. */
  commands: z.array(z.string().min(1)).min(1).readonly(),
  /** Files and folders of the repository whose change makes the figures old. */
  sources: z.array(z.string().min(1)).min(1).readonly(),
  figure: winRateFigureSchema.optional(),
  tables: z.array(tableSchema).readonly().default([]),
  /** What a reader must know in order not to read too much into the figures. */
  notes: z.array(z.string().min(1)).readonly().default([]),
});
export type ResultDraft = Readonly<z.input<typeof draftSchema>>;

const recordSchema = draftSchema.extend({
  /** SHA-256 over the paths and contents of the sources. */
  sourcesHash: z.string().regex(/^[0-9a-f]{64}$/u),
  /** The commit that was checked out; `+` where files differed from it. */
  commit: z.string().min(1),
  date: z.iso.date(),
  machine: z.string().min(1),
  /** Processes that wanted a core when the record was written, over the last minute: on a busy machine times say little. */
  load: z.number(),
});
export type ResultRecord = Readonly<z.infer<typeof recordSchema>>;
export type NamedRecord = { readonly name: string; readonly record: ResultRecord };

const FOLDER = join(ROOT, "docs", "results");
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/u;

/**
 * Writes docs/results/NAME.json, over an older record of that name.
 * @param name kebab-case
 * @param folder only tests write elsewhere
 * @throws Error that says which field is wrong, or which source is not there.
 */
export function writeRecord(name: string, draft: ResultDraft, folder = FOLDER): ResultRecord {
  if (!NAME.test(name)) throw new Error(`expected a record's name in kebab-case, got "${name}"`);
  const record = recordSchema.parse({
    ...draft,
    sourcesHash: hashSources(draft.sources),
    commit: commitNow(),
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}

/** All records by name. Throws an Error that names the file if one is no record. */
export function readRecords(folder = FOLDER): NamedRecord[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));
  return names.sort().map((name) => {
    const path = join(folder, `${name}.json`);
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (!parsed.success) throw new Error(`${path} is no record: ${z.prettifyError(parsed.error)}`);
    return { name, record: parsed.data };
  });
}

function commitNow(): string {
  const commit = git("rev-parse", "--short=10", "HEAD");
  return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit}+`;
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
}

function describeMachine(): string {
  const cores = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores (${cores[0]?.model.trim() ?? "unknown"}), ${gib} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
