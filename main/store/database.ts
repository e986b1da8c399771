/** A SQLite database as readers and writers see it: prepared statements by text, one writer, short transactions. */
import Database from "better-sqlite3";
import { ConflictError, StoreError } from "#app/base/errors.ts";
import { storeWords } from "#app/text/store.ts";

export type SqlValue = string | number | null | Uint8Array;
export type SqlParams = Readonly<Record<string, SqlValue>>;
export type Row = Readonly<Record<string, SqlValue>>;

export interface ReadableDb {
  all(sql: string, params?: SqlParams): readonly Row[];
  get(sql: string, params?: SqlParams): Row | undefined;
}

export interface WritableDb extends ReadableDb {
  /** Returns how many rows changed. */
  run(sql: string, params?: SqlParams): number;
  /** All or nothing; nested calls join the outer transaction. */
  transaction<Result>(work: () => Result): Result;
}

/** A database that knows where it lies: what is within its folder is known by the path from there. */
export type PlacedDb = ReadableDb & { readonly path: string };

export type Connection = WritableDb & {
  readonly path: string;
  readonly isReadOnly: boolean;
  exec(sql: string): void;
  close(): void;
};

/**
 * Opens a database in WAL mode with foreign keys. synchronous is FULL: what the lab has acknowledged (a judgment, a
 * response) survives a power cut, not only a crash of the process. One that is read only refuses every change with a
 * ConflictError that says why.
 */
export function openDatabase(path: string, options: { readonly readOnly?: boolean; readonly whyReadOnly?: string } = {}): Connection {
  const isReadOnly = options.readOnly === true;
  const requireWritable = (): void => {
    if (isReadOnly) throw new ConflictError(options.whyReadOnly ?? storeWords.readOnly(path));
  };
  const database = open(path, isReadOnly);
  const statements = new Map<string, Database.Statement>();
  const prepare = (sql: string): Database.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    path,
    isReadOnly,
    all: (sql, params = {}) => prepare(sql).all(params) as Row[], // the columns of STRICT tables hold just these kinds
    get: (sql, params = {}) => prepare(sql).get(params) as Row | undefined, // as above
    run: (sql, params = {}) => {
      requireWritable();
      return whereThereIsRoom(path, () => prepare(sql).run(params).changes);
    },
    transaction: (work) => {
      if (database.inTransaction) return work();
      return whereThereIsRoom(path, () => (isReadOnly ? database.transaction(work)() : database.transaction(work).immediate()));
    },
    exec: (sql) => {
      requireWritable();
      database.exec(sql);
    },
    close: () => void database.close(),
  };
}

function open(path: string, isReadOnly: boolean): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: isReadOnly, fileMustExist: isReadOnly });
    database.pragma("busy_timeout = 5000");
    database.pragma("foreign_keys = ON");
    // Without it a replacing insert deletes rows behind the back of the triggers that keep them.
    database.pragma("recursive_triggers = ON");
    if (!isReadOnly) {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = FULL");
    }
    return database;
  } catch (thrown) {
    database?.close();
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith("SQLITE_CORRUPT")) throw damaged(path, thrown.message, thrown);
    throw new StoreError(storeWords.cannotOpen(path, thrown instanceof Error ? thrown.message : String(thrown)), {}, { cause: thrown });
  }
}

/** Writes; a full disk is the machine's matter, and what is told of it says what to do. */
function whereThereIsRoom<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (thrown) {
    if (!(thrown instanceof Database.SqliteError) || thrown.code !== "SQLITE_FULL") throw thrown;
    throw new StoreError(storeWords.diskFull(path), {}, { cause: thrown });
  }
}

/** What is said of a database that SQLite finds broken. */
export function damaged(path: string, found: string, cause?: unknown): StoreError {
  return new StoreError(storeWords.damaged(path, found), {}, { cause });
}

/** A text column; a StoreError if the row has none, which a STRICT NOT NULL column rules out. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new StoreError(storeWords.notText(column, describe(value)));
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new StoreError(storeWords.notNumber(column, describe(value)));
  return value;
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

export function flag(row: Row, column: string): boolean {
  return number(row, column) === 1;
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}
