/** Data files in and out: hostile text comes back as it went, rows have the numbers people give them, breakage is told. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { guardCell, unguardCell } from "#app/base/csv.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { DataCell, DataRow, DataTable } from "#app/rounds/data-ports.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { csvRows } from "#main/data/csv-rows.ts";
import { jsonArrayRows, jsonLineRows } from "#main/data/json-rows.ts";
import { decodePieces } from "#main/data/text-pieces.ts";
import { hostileText } from "#tests/support/hostile-text.ts";
import { fc } from "#tests/support/properties.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

async function collect(batches: AsyncIterable<readonly DataRow[]>): Promise<DataRow[]> {
  const rows: DataRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

async function readBack(path: string): Promise<DataRow[]> {
  return await collect((await dataFiles.open({ path })).batches());
}

const valuesOf = (rows: readonly DataRow[]): unknown[] => rows.map((row) => ("value" in row ? row.value : row.problem));

const message: fc.Arbitrary<Message> = fc.record({ role: fc.constantFrom("system", "user", "assistant"), content: hostileText });
const cells = fc.record({
  text: fc.option(hostileText, { nil: null }),
  number: fc.option(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    { nil: null },
  ),
  flag: fc.option(fc.boolean(), { nil: null }),
  messages: fc.option(fc.array(message, { minLength: 1, maxLength: 3 }), { nil: null }),
});
const COLUMNS = [
  { name: "text", kind: "text" },
  { name: "number", kind: "number" },
  { name: "flag", kind: "flag" },
  { name: "messages", kind: "messages" },
] as const;

type Cells = Readonly<Record<(typeof COLUMNS)[number]["name"], DataCell>>;

function tableOf(rows: readonly Cells[]): DataTable {
  return { columns: COLUMNS, rows: rows.map((row) => COLUMNS.map(({ name }) => row[name])) };
}

describe("a table that is written", () => {
  // A Parquet file is read on a thread of its own, which takes a while to start: fewer files with more rows.
  it.each([
    { ending: "jsonl", numRuns: 60, maxLength: 8 },
    { ending: "json", numRuns: 60, maxLength: 8 },
    { ending: "parquet", numRuns: 6, maxLength: 100 },
  ])("comes back from .$ending as it went", async ({ ending, numRuns, maxLength }) => {
    const path = join(tempFolder(), `table.${ending}`);
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength, size: "max" }), async (rows) => {
        expect(await dataFiles.write(path, tableOf(rows))).toBe(rows.length);
        expect(valuesOf(await readBack(path))).toEqual(rows);
      }),
      { numRuns },
    );
  });

  // A text used to keep the apostrophe that stands before it in the file, and was another text by then.
  it("comes back from .csv as texts, without the apostrophe that keeps them from being formulas", async () => {
    const path = join(tempFolder(), "table.csv");
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 8 }), async (rows) => {
        await dataFiles.write(path, tableOf(rows));
        const expected = rows.map((row) =>
          Object.fromEntries(
            COLUMNS.flatMap(({ name }) => {
              const cell = row[name];
              if (cell === null || cell === "") return [];
              return [[name, typeof cell === "object" ? cell : String(cell)]];
            }),
          ),
        );
        // A record of nothing but empty cells is a line of commas, which is no empty line.
        expect(valuesOf(await readBack(path))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("is whole or not there", async () => {
    const folder = tempFolder();
    const path = join(folder, "table.jsonl");
    writeFileSync(path, "before\n");
    const broken: DataTable = {
      columns: [{ name: "text", kind: "text" }],
      rows: (function* () {
        yield ["one"];
        throw new Error("gone");
      })(),
    };
    await expect(dataFiles.write(path, broken)).rejects.toThrow(/cannot be written: gone/u);
    expect(readFileSync(path, "utf8")).toBe("before\n");
    await expect(dataFiles.write(join(folder, "table.xls"), tableOf([]))).rejects.toThrow(/ends with .jsonl, .json, .csv or .parquet/u);
    await expect(dataFiles.write(join(folder, "no", "t.csv"), tableOf([]))).rejects.toThrow(/there is none at/u);
  });
});

describe("cells of CSV", () => {
  it("never begin as a formula does, and give every text back", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const cell = guardCell(text);
        expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u);
        expect(unguardCell(cell)).toBe(text);
      }),
      { numRuns: 2000 },
    );
    expect(guardCell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
    expect(guardCell("'Tis")).toBe("'Tis");
  });
});

/** The same bytes, cut anywhere. */
async function* cut(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const length of [...lengths, bytes.length]) {
    yield bytes.subarray(start, start + length);
    start += length;
  }
}

describe("files that come in pieces", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });
  const values = fc.array(fc.record({ prompt: hostileText, n: fc.integer(), list: fc.array(hostileText, { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 6,
  });

  it("are read the same wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(values, lengths, fc.constantFrom(0, 2), async (rows, at, indent) => {
        const array = new TextEncoder().encode(`\uFEFF ${JSON.stringify(rows, null, indent)}\n`);
        expect(valuesOf(await collect(jsonArrayRows(decodePieces(cut(array, at), "a"), "a")))).toEqual(rows);
        const lines = new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\r\n`).join("\n"));
        expect(valuesOf(await collect(jsonLineRows(decodePieces(cut(lines, at), "a"))))).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });
});

describe("rows have the numbers that people give them", () => {
  const numbers = (rows: readonly DataRow[]): number[] => rows.map(({ row }) => row);
  const texts = async function* (text: string): AsyncGenerator<string> {
    yield text;
  };

  it("lines of JSON lines, rows of a spreadsheet, places of an array", async () => {
    expect(numbers(await collect(jsonLineRows(texts('{"a":1}\n\n{"a":2}\n'))))).toEqual([1, 3]);
    expect(numbers(await collect(jsonArrayRows(texts('[{"a":1},{"a":2}]'), "a")))).toEqual([1, 2]);
    const csv = 'prompt,n\n"two\nlines",1\nshort\n\nlast,2\n';
    expect(await collect(csvRows(texts(csv), "a"))).toEqual([
      { row: 2, value: { prompt: "two\nlines", n: "1" } },
      { row: 3, problem: { column: null, expected: "2 cells as in the header", got: "1" } },
      { row: 5, value: { prompt: "last", n: "2" } },
    ]);
  });

  it("CSV by semicolon and tab, with what cannot be read told", async () => {
    expect(valuesOf(await collect(csvRows(texts("prompt;n\na,b;1\n"), "a")))).toEqual([{ prompt: "a,b", n: "1" }]);
    expect(valuesOf(await collect(csvRows(texts("prompt\tn\na\t1\n"), "a")))).toEqual([{ prompt: "a", n: "1" }]);
    for (const mixed of ["prompt,n\na,1\r\nb,2\r\n", "prompt,n\r\na,1\nb,2\n", "prompt,n\ra,1\rb,2\r", '"prompt",n\ra,1\rb,2']) {
      expect(valuesOf(await collect(csvRows(texts(mixed), "a")))).toEqual([
        { prompt: "a", n: "1" },
        { prompt: "b", n: "2" },
      ]);
    }
    const broken = await collect(csvRows(texts('prompt\na\n"x" y\n"swallowed"\nb\n'), "a"));
    expect(broken).toMatchObject([
      { row: 2, value: { prompt: "a" } },
      { row: 3, problem: { expected: "cells whose quotes are closed, and doubled within, from here to the end" } },
    ]);
    await expect(collect(csvRows(texts("a,a\n1,2\n"), "f.csv"))).rejects.toThrow(
      'f.csv, row 1: expected columns with names of their own, got "a" twice',
    );
    expect(await collect(csvRows(texts(""), "a"))).toEqual([]);
  });
});

describe("messages in Python's notation", () => {
  const problemsOf = async (cell: string): Promise<unknown[]> => {
    const path = join(tempFolder(), "p.csv");
    writeFileSync(path, `prompt,chosen\nHi,"${cell.replaceAll('"', '""')}"\n`);
    return valuesOf(await readBack(path));
  };

  // As to_csv of pandas and of datasets writes a list of dictionaries, and a dictionary alone.
  it.each([
    "[{'content': 'Hi', 'role': 'user'}\n {'content': 'a', 'role': 'assistant'}]",
    `[{'role': 'assistant', 'content': "It's a"}]`,
    "{'from': 'gpt', 'value': 'a'}",
  ])("make the row a problem, as no answer reads %j", async (cell) => {
    expect(await problemsOf(cell)).toEqual([
      {
        column: "chosen",
        expected: "messages as JSON (export the data as JSON lines or Parquet instead)",
        got: "messages in Python's notation",
      },
    ]);
  });

  it("are a text where they are only told of, and where the lab wrote the file", async () => {
    const told = "[{'role': 'user', ...}] is how a prompt begins.";
    expect(await problemsOf(told)).toEqual([{ prompt: "Hi", chosen: told }]);
    const path = join(tempFolder(), "own.csv");
    const text = "{'role': 'user', 'content': 'x'}";
    await dataFiles.write(path, { columns: [{ name: "text", kind: "text" }], rows: [[text], [`'${text}`]] });
    expect(valuesOf(await readBack(path))).toEqual([{ text }, { text: `'${text}` }]);
  });
});

describe("formats are told by content and name", () => {
  it("reads gzip, byte order marks, paragraphs and lines of text", async () => {
    const folder = tempFolder();
    const write = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const opened = async (path: string): Promise<readonly [string, unknown[]]> => {
      const reading = await dataFiles.open({ path });
      return [reading.format, valuesOf(await collect(reading.batches()))];
    };
    expect(await opened(write("a.jsonl.gz", gzipSync('{"a":1}\n{"a":2}\n')))).toEqual(["jsonl", [{ a: 1 }, { a: 2 }]]);
    expect(await opened(write("b.csv.gz", gzipSync("\uFEFFa\n1\n")))).toEqual(["csv", [{ a: "1" }]]);
    expect(await opened(write("c.txt", "One\ntwo\n\n \nThree\n"))).toEqual(["text", ["One\ntwo", "Three"]]);
    expect(await opened(write("d.txt", "One\ntwo\n"))).toEqual(["text", ["One", "two"]]);
    expect(await opened(write("e", "[]"))).toEqual(["json", []]);
    await expect(opened(write("f.jsonl.gz", gzipSync('{"a":1}').subarray(0, 20)))).rejects.toThrow(/expected a whole gzip file/u);
    await expect(opened(write("g.parquet", "PAR1 and nothing more"))).rejects.toThrow(/expected a whole Parquet file, got one that cannot be read/u);
    await expect(opened(write("h.parquet", "text"))).rejects.toThrow(/expected a Parquet file by its name/u);
    await expect(opened(write("i.json", '[{"a":1}] x'))).rejects.toThrow('got more after its end: "x"');
    await expect(opened(join(folder, "none"))).rejects.toThrow("there is no such file");
  });

  it("takes bytes that are at hand as it takes a file", async () => {
    const path = join(tempFolder(), "t.parquet");
    await dataFiles.write(path, tableOf([{ text: "a", number: 1, flag: true, messages: null }]));
    const [file, memory] = [await dataFiles.open({ path }), await dataFiles.open({ path: "dropped", bytes: readFileSync(path) })];
    expect(memory.contentHash).toBe(file.contentHash);
    expect(await collect(memory.batches())).toEqual(await collect(file.batches()));
  });
});
