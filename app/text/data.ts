/** What the lab says of data files and of importing them. */
import { counted } from "./language.ts";
import { nouns } from "./nouns.ts";

export const dataWords = {
  needsUserMessage: (format: string, roles: string) => `${format} rows need a user message; the prompt has only ${roles}`,
  notOneMessage: (roles: string) => `a prompt as plain text must be one user message; this one has ${roles}`,
  noMessages: "no messages",
  theRoles: (roles: string) => `the roles ${roles}`,
  closedQuotes: "cells whose quotes are closed, and doubled within, from here to the end",
  columnTwice: (path: string, name: string) => `${path}, row 1: expected columns with names of their own, got "${name}" twice`,
  noColumns: (path: string) => `${path}, row 1: expected the names of the columns, got none`,
  cellsAsHeader: (count: number) => `${counted(count, nouns.cells)} as in the header`,
  jsonMessages: "messages as JSON (export the data as JSON lines or Parquet instead)",
  pythonMessages: "messages in Python's notation",
  jsonOnLine: "one JSON value on the line",
  oneJson: "one JSON value",
  unendedArray: (row: number) => `a file that ends after item ${row} without "]"`,
  notAnArray: (path: string, got: string) => `${path}: expected a JSON array of rows, got ${got}`,
  moreAfterEnd: (text: string) => `more after its end: ${text}`,
  strayBrace: "a brace that closes it",
  brokenParquet: (path: string, reason: string) => `${path}: expected a whole Parquet file, got one that cannot be read (${reason})`,
  notParquet: (path: string) => `${path}: expected a Parquet file by its name, got other bytes at its beginning`,
  brokenGzip: (path: string, reason: string) => `${path}: expected a whole gzip file, got one that cannot be unpacked (${reason})`,
  unreadable: (path: string, reason: string) => `${path}: expected a file with data that can be read (${reason})`,
  notUtf8: (path: string) => `${path}: expected text in UTF-8, got other bytes`,
  fileChanged: (path: string, expected: string, found: string) =>
    `${path}: expected the content that was looked at (${expected}), got another (${found}); look at it again`,
  fileGrew: (path: string, row: number) =>
    `${path}, row ${row}: expected the rows that were looked at, got one that came while they were stored; import the file again, which brings the rest`,
  importing: (name: string) => `${name} is being imported; import another file when that is done`,
  closing: "the lab is closing",
  noneAfter: (rows: number) => `none after the first ${rows}`,
  emptyFile: "an empty file",
  noPrompts: (path: string, got: string) => `${path}: expected rows with prompts, got ${got}`,
  /** The first row that cannot be used, and what might help: the column that may hold the prompts. */
  refused: (
    path: string,
    first: { readonly row: number; readonly reason: string } | undefined,
    file: { readonly rejected: number; readonly rows: number; readonly holdsPrompts: string | null },
  ) => {
    const more = file.rejected > 1 ? ` (and ${file.rejected - 1} more of ${file.rows})` : "";
    const hint = file.holdsPrompts === null ? "" : `; if "${file.holdsPrompts}" holds the prompts, choose it as the column prompt`;
    return `${path}, row ${first?.row ?? 0}: ${first?.reason ?? ""}${more}${hint}; nothing was stored`;
  },
  noColumn: (role: string, present: string, name: string) =>
    `columns.${role}: expected a column of the file (${present === "" ? "it has none" : present}), got "${name}"`,
};
