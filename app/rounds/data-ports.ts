/** The interface behind which data files are read and written: formats and rows, nothing of what they mean. */
import type { ContentHash } from "#app/base/ids.ts";
import type { Message, RowProblem } from "#app/domain/prompt.ts";

/** A data file of this machine; or, with `bytes`, its content at hand under a name. */
export type DataSource = { readonly path: string; readonly bytes?: Uint8Array };

export const DATA_FORMATS = ["jsonl", "json", "csv", "parquet", "text"] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/**
 * One row of a data file. `row` is what a person would call it: the line of JSON lines, the row of a CSV file in a
 * spreadsheet (the header is 1), the place from 1 in a JSON array, a Parquet file or a text.
 */
export type DataRow = { readonly row: number } & ({ readonly value: unknown } | { readonly problem: RowProblem });

export type DataReading = {
  readonly format: DataFormat;
  /** Of the bytes as they lie there. */
  readonly contentHash: ContentHash;
  readonly sizeBytes: number;
  /** Some rows at a time, in order; the thread is free between two batches. Throws DataError where the file is broken. */
  batches(): AsyncIterable<readonly DataRow[]>;
};

export type DataColumn = { readonly name: string; readonly kind: "text" | "number" | "flag" | "messages" };
/** A cell: a text, a number, a flag or messages as its column says; null where there is nothing. */
export type DataCell = string | number | boolean | readonly Message[] | null;
export type DataTable = {
  readonly columns: readonly DataColumn[];
  /** Cells in the order of the columns; may be made as they are asked for. */
  readonly rows: Iterable<readonly DataCell[]>;
};

/** Data files in the formats of the field, in and out. */
export interface DataFiles {
  /** Throws DataError for what cannot be read, or is in none of the formats. */
  open(source: DataSource): Promise<DataReading>;
  /** Writes a table whole or not at all, in the format of the path's ending; resolves to the rows. Throws ConfigError. */
  write(path: string, table: DataTable): Promise<number>;
  /** The bytes of a file of this machine, hashed. */
  hash(path: string): Promise<ContentHash>;
}
