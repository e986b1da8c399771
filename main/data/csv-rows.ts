/** CSV as rows: the first record names the columns, each further one is an object; what a cell cannot be is told. */
import { Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import { DataError } from "#app/base/errors.ts";
import { isPythonMessages, parseCell } from "#app/preferences/rows/values.ts";
import type { DataRow } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";

const BATCH = 100;
const DELIMITERS = [",", ";", "\t"] as const;

type CsvRecord = { readonly record: readonly string[]; readonly info: { readonly records: number; readonly empty_lines: number } };

/**
 * `row` is the row of a spreadsheet: the header is row 1. Empty cells are left out of their row. The separator is the
 * one of comma, semicolon and tab that the first line has most of. Throws DataError for a header that names no columns.
 */
export async function* csvRows(texts: AsyncIterable<string>, path: string): AsyncGenerator<readonly DataRow[]> {
  const iterator = texts[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done === true ? "" : first.value;
  let broken: CsvError | undefined;
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    delimiter: delimiterOf(head),
    ...lineEndsOf(head),
    // Quotes decide where all that follows begins and ends: what the parser finds after a broken one is guessed.
    skip_records_with_error: true,
    on_skip: (error) => void (broken ??= error),
  });
  const source = Readable.from(rejoined(head, iterator));
  source.on("error", (thrown: Error) => parser.destroy(thrown));
  let columns: readonly string[] | undefined;
  let rows: DataRow[] = [];
  try {
    for await (const item of source.pipe(parser)) {
      const { record, info } = item as CsvRecord; // csv-parse's form with the option info
      if (broken !== undefined && info.records > Number(broken["records"])) break;
      if (columns === undefined) {
        columns = checkHeader(record, path);
        continue;
      }
      rows.push(rowOf(info.records + info.empty_lines, columns, record));
      if (rows.length >= BATCH) yield rows.splice(0);
    }
  } finally {
    source.destroy();
  }
  if (broken !== undefined) rows = [...rows, brokenRow(broken)];
  if (rows.length > 0) yield rows;
}

function brokenRow(error: CsvError): DataRow {
  const row = Number(error["records"]) + Number(error["empty_lines"]) + 1;
  return { row, problem: { column: null, expected: dataWords.closedQuotes, got: error.message } };
}

async function* rejoined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function delimiterOf(head: string): string {
  const line = head.split(/\r?\n/u, 1)[0]?.replaceAll(/"(?:[^"]|"")*"/gu, "") ?? "";
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}

/**
 * Lines may end in both ways in one file, as where a header was put over rows of another tool's: left to itself the
 * parser takes the first line's end for all, and a return stays in the last cells. It finds the lone returns of an old
 * Macintosh by itself.
 */
function lineEndsOf(head: string): { readonly record_delimiter?: string[] } {
  const first = /^(?:"[^"]*"|[^"\r\n])*(\r?\n)/u.exec(head);
  return first === null ? {} : { record_delimiter: ["\r\n", "\n"] };
}

function checkHeader(record: readonly string[], path: string): readonly string[] {
  const names = record.map((name) => name.trim());
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(dataWords.columnTwice(path, twice), { path });
  if (names.every((name) => name === "")) throw new DataError(dataWords.noColumns(path), { path });
  return names;
}

function rowOf(row: number, columns: readonly string[], record: readonly string[]): DataRow {
  if (record.length !== columns.length) {
    return { row, problem: { column: null, expected: dataWords.cellsAsHeader(columns.length), got: String(record.length) } };
  }
  const python = columns.find((name, i) => name !== "" && isPythonMessages(record[i] ?? ""));
  if (python !== undefined) return { row, problem: { column: python, expected: dataWords.jsonMessages, got: dataWords.pythonMessages } };
  const cells = columns.flatMap((name, i) => {
    const cell = record[i] ?? "";
    return name === "" || cell === "" ? [] : [[name, parseCell(cell)] as const];
  });
  return { row, value: Object.fromEntries(cells) };
}
