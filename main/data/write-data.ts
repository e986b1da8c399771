/** Writes tables as JSON lines, a JSON array, CSV or Parquet: whole or not at all, and without holding them. */
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileWriter, parquetWriteRows } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import { csvRecord } from "#app/base/csv.ts";
import { ConfigError } from "#app/base/errors.ts";
import { textCell } from "#app/preferences/rows/values.ts";
import type { DataCell, DataColumn, DataTable } from "#app/rounds/data-ports.ts";
import { fileWords } from "#app/text/files.ts";

type Counted = { count: number };

/** The format is the path's ending: .jsonl, .json, .csv or .parquet. Resolves to the rows. Throws ConfigError. */
export async function writeData(path: string, table: DataTable): Promise<number> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true) throw new ConfigError(fileWords.noFolder(dirname(path)), { path });
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory() === true) throw new ConfigError(fileWords.isFolder(path), { path });
  const write = writerOf(path);
  const beside = `${path}.${process.pid}.new`;
  const rows: Counted = { count: 0 };
  try {
    await write(beside, table, rows);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new ConfigError(fileWords.cannotWrite(path, cause instanceof Error ? cause.message : String(cause)), { path }, { cause });
  }
  return rows.count;
}

type WriteTable = (path: string, table: DataTable, rows: Counted) => Promise<void>;

const WRITERS: Readonly<Record<string, WriteTable>> = {
  jsonl: async (path, table, rows) => {
    await writeTexts(path, jsonLines(table, rows));
  },
  json: async (path, table, rows) => {
    await writeTexts(path, jsonArray(table, rows));
  },
  csv: async (path, table, rows) => {
    await writeTexts(path, csv(table, rows));
  },
  parquet: writeParquet,
};

function writerOf(path: string): WriteTable {
  const ending = /\.(\w+)$/u.exec(path)?.[1]?.toLowerCase() ?? "";
  const write = Object.hasOwn(WRITERS, ending) ? WRITERS[ending] : undefined;
  if (write === undefined) throw new ConfigError(fileWords.dataEnding(path), { path });
  return write;
}

/** After so many rows the event loop gets a turn. */
const ROWS_A_TURN = 500;

async function writeTexts(path: string, texts: Iterable<string>): Promise<void> {
  const handle = await open(path, "w");
  try {
    let [pending, count] = ["", 0];
    for (const text of texts) {
      pending += text;
      count += 1;
      if (count % ROWS_A_TURN !== 0) continue;
      await handle.writeFile(pending, "utf8");
      pending = "";
    }
    await handle.writeFile(pending, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function toRecord(columns: readonly DataColumn[], cells: readonly DataCell[]): Readonly<Record<string, DataCell>> {
  return Object.fromEntries(columns.map(({ name }, i) => [name, cells[i] ?? null]));
}

function* jsonLines({ columns, rows }: DataTable, counted: Counted): Generator<string> {
  for (const cells of rows) {
    counted.count += 1;
    yield `${JSON.stringify(toRecord(columns, cells))}\n`;
  }
}

function* jsonArray({ columns, rows }: DataTable, counted: Counted): Generator<string> {
  yield "[";
  for (const cells of rows) {
    yield `${counted.count === 0 ? "" : ","}\n${indented(JSON.stringify(toRecord(columns, cells), null, 2))}`;
    counted.count += 1;
  }
  yield "\n]\n";
}

/** By line feeds alone: a text may hold other line ends, which JSON leaves as they are. */
function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function* csv({ columns, rows }: DataTable, counted: Counted): Generator<string> {
  yield csvRecord(columns.map(({ name }) => name));
  for (const cells of rows) {
    counted.count += 1;
    yield csvRecord(cells.map(csvCell));
  }
}

function csvCell(cell: DataCell): string | number | boolean | null {
  if (typeof cell === "string") return textCell(cell);
  return cell !== null && typeof cell === "object" ? JSON.stringify(cell) : cell;
}

/** Small enough for a first look at a file, as Hugging Face's viewer takes it, and for a decoder's memory. */
const ROW_GROUP = 1000;

async function writeParquet(path: string, { columns, rows }: DataTable, counted: Counted): Promise<void> {
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: records(columns, rows, counted),
    columns: columns.map(({ name }) => ({ name })),
    schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(schemaOf)],
    rowGroupSize: ROW_GROUP,
    createdBy: "nashlab",
  });
  await sync(path);
}

async function* records(columns: readonly DataColumn[], rows: DataTable["rows"], counted: Counted): AsyncGenerator<Record<string, DataCell>> {
  for (const cells of rows) {
    if (counted.count % ROWS_A_TURN === 0) await nextTurn();
    counted.count += 1;
    yield toRecord(columns, cells);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const TEXT = { repetition_type: "OPTIONAL", type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } } as const;

/** Messages as a list of {role, content} in the three levels that Parquet's specification asks for. */
function schemaOf({ name, kind }: DataColumn): SchemaElement[] {
  switch (kind) {
    case "text":
      return [{ name, ...TEXT }];
    case "number":
      return [{ name, repetition_type: "OPTIONAL", type: "DOUBLE" }];
    case "flag":
      return [{ name, repetition_type: "OPTIONAL", type: "BOOLEAN" }];
    case "messages":
      return [
        { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST", logical_type: { type: "LIST" } },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
        { name: "role", ...TEXT },
        { name: "content", ...TEXT },
      ];
    default:
      return kind satisfies never;
  }
}
