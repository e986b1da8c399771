/**
 * `node tools/run.cjs result FOLDER`: the result of docs/results.md, from an empty folder to its records; the same
 * command goes on after any kill. `--tune` tries settings on the validation prompts alone.
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { runTables, TABLES } from "../result/run-tables.ts";
import { readSettings, SCALES } from "../result/settings.ts";
import { tune } from "../result/tune.ts";

const USAGE = `expected a folder, and at most these:
  --scale small|full     small proves the path in minutes and writes no record (default: full)
  --table NAME           ${TABLES.join(", ")}; may be given several times (default: own)
  --alpaca-eval FILE     AlpacaEval's prompts (JSON or JSON lines with a field instruction)
  --note TEXT            goes into the records; may be given several times
  --tune NAME            instead: train round 1 anew with --set, evaluate on validation, add a line to tools/result/tuning.jsonl
  --set path=value       what --tune tries; may be given several times`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: "string", default: "full" },
    table: { type: "string", multiple: true, default: ["own"] },
    "alpaca-eval": { type: "string" },
    note: { type: "string", multiple: true, default: [] },
    tune: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
  },
});
const [target, ...more] = positionals;
const scale = z.enum(SCALES).safeParse(values.scale);
const tables = z.array(z.enum(TABLES)).safeParse(values.table);
if (target === undefined || more.length > 0 || !scale.success || !tables.success) {
  process.stderr.write(`result: ${USAGE}\n`);
  process.exit(2);
}
const path = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
const request = { settings: readSettings(), scale: scale.data, folder: resolve(target), first: { name: "r0", path: path.trim() } };
if (values.tune === undefined) {
  const alpacaEval = values["alpaca-eval"] === undefined ? null : resolve(values["alpaca-eval"]);
  runTables({ ...request, tables: tables.data, alpacaEval, notes: values.note });
  if (scale.data === "full") makePages();
} else tune({ ...request, name: values.tune, assignments: values.set });
