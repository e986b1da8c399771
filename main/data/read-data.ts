/** Opens a data file: which format it is in, by its first bytes and its name, and its rows. */
import { basename } from "node:path";
import { DataError } from "#app/base/errors.ts";
import type { DataFormat, DataReading, DataRow, DataSource } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";
import { csvRows } from "./csv-rows.ts";
import { jsonArrayRows, jsonLineRows } from "./json-rows.ts";
import { parquetRows } from "./parquet-rows.ts";
import { type Bytes, hashBytes, openBytes } from "./source.ts";
import { textRows } from "./text-rows.ts";
import { decodePieces } from "./text-pieces.ts";

/** Throws DataError for a file that cannot be read. */
export async function openData(source: DataSource): Promise<DataReading> {
  const bytes = await openBytes(source);
  const format = await formatOf(bytes);
  return {
    format,
    sizeBytes: bytes.sizeBytes,
    contentHash: await hashBytes(bytes),
    batches: () => (format === "parquet" ? parquetRows(source) : textFormats[format](decodePieces(bytes.unpacked(), source.path), source.path)),
  };
}

const textFormats: Readonly<
  Record<Exclude<DataFormat, "parquet">, (texts: AsyncIterable<string>, path: string) => AsyncIterable<readonly DataRow[]>>
> = {
  jsonl: jsonLineRows,
  json: jsonArrayRows,
  csv: csvRows,
  text: textRows,
};

async function formatOf(bytes: Bytes): Promise<DataFormat> {
  if (new TextDecoder("latin1").decode(await bytes.head(4)) === "PAR1") return "parquet";
  const name = basename(bytes.path).toLowerCase().replace(/\.gz$/u, "");
  if (name.endsWith(".parquet")) {
    throw new DataError(dataWords.notParquet(bytes.path), { path: bytes.path });
  }
  if (/\.(csv|tsv)$/u.test(name)) return "csv";
  if (name.endsWith(".txt")) return "text";
  return (await firstCharacter(bytes)) === "[" ? "json" : "jsonl";
}

async function firstCharacter(bytes: Bytes): Promise<string | undefined> {
  for await (const text of decodePieces(bytes.unpacked(), bytes.path)) {
    const trimmed = text.trimStart();
    if (trimmed !== "") return trimmed[0];
  }
  return undefined;
}
