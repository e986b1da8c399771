/** Brings a database to this program's schema: numbered migrations, each in a transaction, after a backup. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { StoreError } from "#app/base/errors.ts";
import { storeWords } from "#app/text/store.ts";
import { type Connection, number, type ReadableDb, text } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS _migration (
  id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`;

export type MigrationReport = {
  readonly applied: readonly string[];
  /** The copy that was made first; null for a new database or when nothing was to be done. */
  readonly backupPath: string | null;
};

export function schemaVersion(db: ReadableDb): number {
  return number(db.get("PRAGMA user_version") ?? {}, "user_version");
}

/** A schema that a later version of the lab has made, and the newest that this one knows. */
export type NewerSchema = { readonly schema: number; readonly known: number };

/** Undefined for a schema that this version knows, or can be brought to. */
export function newerSchema(db: ReadableDb, migrations: readonly Migration[]): NewerSchema | undefined {
  const [schema, known] = [schemaVersion(db), migrations.at(-1)?.id ?? 0];
  return schema > known ? { schema, known } : undefined;
}

export function newerSchemaSentence({ schema, known }: NewerSchema): string {
  return storeWords.newer(schema, known);
}

/**
 * Applies what is missing. Refuses a database whose applied migrations differ from ours, and one that is newer.
 * @throws StoreError
 */
export function migrate(db: Connection, migrations: readonly Migration[], nowMs: number): MigrationReport {
  const from = schemaVersion(db);
  const newest = migrations.at(-1)?.id ?? 0;
  if (from > newest) {
    throw new StoreError(storeWords.newerFile(db.path, from, newest));
  }
  if (from > 0) checkHistory(db, migrations.slice(0, from));
  const missing = migrations.slice(from);
  if (missing.length === 0) return { applied: [], backupPath: null };
  const backupPath = from === 0 ? null : backup(db, from, nowMs);
  for (const migration of missing) apply(db, migration, nowMs);
  return { applied: missing.map((migration) => migration.name), backupPath };
}

function checkHistory(db: Connection, expected: readonly Migration[]): void {
  const hashById = new Map(db.all("SELECT id, sha256 FROM _migration").map((row) => [number(row, "id"), text(row, "sha256")]));
  for (const migration of expected) {
    if (hashById.get(migration.id) === sha256(migration.sql)) continue;
    throw new StoreError(storeWords.migrationDiffers(db.path, migration.id, migration.name));
  }
}

function apply(db: Connection, migration: Migration, nowMs: number): void {
  db.transaction(() => {
    db.exec(TABLE);
    db.exec(migration.sql);
    db.run("INSERT INTO _migration (id, name, sha256, applied_at) VALUES ($id, $name, $sha256, $applied_at)", {
      id: migration.id,
      name: migration.name,
      sha256: sha256(migration.sql),
      applied_at: nowMs,
    });
    db.exec(`PRAGMA user_version = ${migration.id}`);
  });
}

/** A compact copy beside the database, under backups/; returns its path. */
export function backup(db: Connection, version: number, nowMs: number): string {
  const folder = join(dirname(db.path), "backups");
  mkdirSync(folder, { recursive: true });
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/gu, "-");
  const path = join(folder, `schema-${version}-${stamp}.db`);
  db.run("VACUUM INTO $path", { path });
  return path;
}

function sha256(sql: string): string {
  return createHash("sha256").update(sql, "utf8").digest("hex");
}
