/** Rows of a prompt file: JSON lines, or one JSON array; what is no JSON is named with its place. */
import { readFile } from "node:fs/promises";
import { DataError } from "#app/base/errors.ts";

export type FileRow = {
  /** From 1: the line of a JSONL file, the place in a JSON array. */
  readonly row: number;
  readonly value: unknown;
};

export type FileRows = {
  readonly rows: readonly FileRow[];
  readonly rejected: readonly { readonly row: number; readonly reason: string }[];
};

/** Throws DataError for a file that cannot be read, is not UTF-8 or holds no rows. */
export async function readRows(path: string): Promise<FileRows> {
  return rowsOfText(await readText(path), path);
}

/** The same for text that is at hand; `path` is what it is called in errors. Throws DataError for text without rows. */
export function rowsOfText(text: string, path: string): FileRows {
  const result = text.trimStart().startsWith("[") ? arrayRows(text, path) : lineRows(text);
  if (result.rows.length === 0 && result.rejected.length === 0)
    throw new DataError(`${path}: expected prompts as JSON lines or a JSON array, got an empty file`, { path });
  return result;
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DataError(`${path}: expected a file with prompts that can be read (${reasonOf(cause)})`, { path }, { cause });
  }
  try {
    // A byte order mark is dropped.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError(`${path}: expected text in UTF-8, got other bytes`, { path }, { cause });
  }
}

function arrayRows(text: string, path: string): FileRows {
  const parsed = parseJson(text);
  if ("value" in parsed && Array.isArray(parsed.value)) {
    return { rows: parsed.value.map((value: unknown, i) => ({ row: i + 1, value })), rejected: [] };
  }
  // A JSONL file may have arrays as rows; if its first line is no JSON either, the file is a broken array.
  const [firstLine = ""] = text.split("\n", 1);
  if ("value" in parseJson(firstLine)) return lineRows(text);
  throw new DataError(`${path}: expected a JSON array of prompts, got something else (${"reason" in parsed ? parsed.reason : "no array"})`, { path });
}

function lineRows(text: string): FileRows {
  const rows: FileRow[] = [];
  const rejected: { row: number; reason: string }[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    const parsed = parseJson(line);
    if ("value" in parsed) rows.push({ row: i + 1, value: parsed.value });
    else rejected.push({ row: i + 1, reason: `expected one JSON value on the line, got ${JSON.stringify(line.slice(0, 40))} (${parsed.reason})` });
  });
  return { rows, rejected };
}

function parseJson(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (thrown) {
    return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  switch ("code" in cause ? cause.code : undefined) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
      return "reading it is not allowed";
    default:
      return cause.message;
  }
}
