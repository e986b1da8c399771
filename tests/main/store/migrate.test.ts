/** Migrations: each once, in a transaction, after a backup; no history but ours. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { migrate, schemaVersion } from "#main/store/migrate.ts";
import { migrations } from "#main/store/migrations/all.ts";
import type { Migration } from "#main/store/migrations/migration.ts";
import { checkpointByHash } from "#main/store/queries/policies.ts";
import { DATABASE_NAME, openStore } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { hash, openEmpty } from "./support.ts";

const FIRST: Migration = { id: 1, name: "first", sql: "CREATE TABLE thing (name TEXT NOT NULL) STRICT;" };
const SECOND: Migration = { id: 2, name: "second", sql: "ALTER TABLE thing ADD COLUMN size INTEGER; UPDATE thing SET size = length(name);" };
const BROKEN: Migration = { id: 2, name: "broken", sql: "DELETE FROM thing; CREATE TABLE thing (name TEXT);" };

/** SQLite's default. */
const PAGE_BYTES = 4096;

function open(): Connection {
  const db = openDatabase(join(tempFolder(), "test.db"));
  onTestFinished(() => {
    db.close();
  });
  return db;
}

function openFirst(): Connection {
  const db = open();
  migrate(db, [FIRST], 1);
  db.run("INSERT INTO thing (name) VALUES ('three')");
  return db;
}

describe("migrate", () => {
  it("brings a new database to the newest schema without a backup", () => {
    const db = open();
    expect(migrate(db, [FIRST, SECOND], 1)).toEqual({ applied: ["first", "second"], backupPath: null });
    expect(schemaVersion(db)).toBe(2);
    expect(existsSync(join(dirname(db.path), "backups"))).toBe(false);
  });

  it("does nothing to a database that has all", () => {
    const db = openFirst();
    expect(migrate(db, [FIRST], 2)).toEqual({ applied: [], backupPath: null });
  });

  it("copies the database as it was before it changes it", () => {
    const db = openFirst();
    const { applied, backupPath } = migrate(db, [FIRST, SECOND], Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(applied).toEqual(["second"]);
    expect(backupPath).toBe(join(dirname(db.path), "backups", "schema-1-2026-01-02T03-04-05-000Z.db"));
    expect(db.all("SELECT * FROM thing")).toEqual([{ name: "three", size: 5 }]);
    const copy = openDatabase(backupPath ?? "", { readOnly: true });
    onTestFinished(() => {
      copy.close();
    });
    expect([schemaVersion(copy), copy.all("SELECT * FROM thing")]).toEqual([1, [{ name: "three" }]]);
  });

  it("leaves the database untouched where a migration fails", () => {
    const db = openFirst();
    expect(() => migrate(db, [FIRST, BROKEN], 2)).toThrow();
    expect([schemaVersion(db), db.all("SELECT * FROM thing")]).toEqual([1, [{ name: "three" }]]);
    expect(readdirSync(join(dirname(db.path), "backups"))).toHaveLength(1);
  });

  it("refuses a database of a newer lab", () => {
    const db = open();
    migrate(db, [FIRST, SECOND], 1);
    expect(() => migrate(db, [FIRST], 2)).toThrow(/newer version of the lab \(schema 2; this one knows 1\)/u);
  });

  it("refuses a history that is not ours", () => {
    const db = openFirst();
    const edited = { ...FIRST, sql: `${FIRST.sql} -- edited` };
    expect(() => migrate(db, [edited, SECOND], 2)).toThrow(/migration 1 \(first\) differs from the one that was applied/u);
    expect(schemaVersion(db)).toBe(1);
  });
});

describe("the lab's migrations", () => {
  it("are numbered from 1 without a gap", () => {
    expect(migrations.map((migration) => migration.id)).toEqual(migrations.map((_, i) => i + 1));
  });

  it("make strict tables only", () => {
    const loose = openEmpty().all("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'");
    expect(loose).toEqual([]);
  });

  it("leave every view readable and every foreign key whole", () => {
    const db = openEmpty();
    for (const { name } of db.all("SELECT name FROM sqlite_master WHERE type = 'view'")) expect(db.all(`SELECT * FROM ${String(name)}`)).toEqual([]);
    expect(db.all("PRAGMA foreign_key_check")).toEqual([]);
  });
});

describe("migration 9", () => {
  /** A database of schema 8 with checkpoints at absolute paths, made in a folder that is no longer there. */
  function openOfSchema8(separator: "/" | "\\"): Connection {
    const db = open();
    migrate(db, migrations.slice(0, 8), 1);
    const place = (path: string): string => path.replaceAll("/", separator);
    const [trained, base, adapter] = [hash("e"), hash("b"), hash("a")];
    const checkpoint = (of: string, path: string): string => `('${of}', '${place(path)}', 'llama', 1, 1, 1, '${hash("h")}')`;
    db.exec(`INSERT INTO artefact (hash, kind, size_bytes, created_at) VALUES ('${trained}', 'export', 1, 1), ('${adapter}', 'adapter', 1, 1);
      INSERT INTO checkpoint (hash, path, family, parameter_count, size_bytes, modified_at, header_hash) VALUES
        ${checkpoint(hash("t"), `/old/place/artefacts/ee/${trained}`)},
        ${checkpoint(hash("m"), `/old/place/checkpoints/${base.slice(0, 12)}-${adapter.slice(0, 12)}`)},
        ${checkpoint(base, "/models/checkpoints/base")};
      INSERT INTO policy (id, name, checkpoint_hash, adapter_hash, created_at) VALUES ('r1', 'r1', '${base}', '${adapter}', 1);`);
    return db;
  }

  it.each(["/", "\\"] as const)("finds trained and merged checkpoints by their place in the folder (separator %s)", (separator) => {
    const db = openOfSchema8(separator);
    expect(migrate(db, migrations, 2).applied[0]).toBe("rounds-for-real");
    const folder = dirname(db.path);
    expect(checkpointByHash(db, hash("t")).path).toBe(join(folder, "artefacts", "ee", hash("e")));
    expect(checkpointByHash(db, hash("m")).path).toBe(join(folder, "checkpoints", `${hash("b").slice(0, 12)}-${hash("a").slice(0, 12)}`));
    expect(checkpointByHash(db, hash("b")).path).toBe("/models/checkpoints/base".replaceAll("/", separator));
  });
});

describe("migration 11", () => {
  it("tells corrections by their authors: a record in the place of what somebody else had said", () => {
    const db = open();
    migrate(db, migrations.slice(0, 10), 1);
    db.exec("PRAGMA foreign_keys = OFF");
    const judgment = (id: string, author: string, supersedes: string | null, isRetraction = 0): string =>
      `INSERT INTO judgment (id, ask_id, first_id, second_id, verdict, made_at, supersedes_id, is_retraction, author_id, device_id, sequence)
       VALUES ('${id}', 'ask', 'a', 'b', 'tie', 1, ${supersedes === null ? "NULL" : `'${supersedes}'`}, ${isRetraction}, '${author}', 'device', ${id.slice(1)});`;
    db.exec([judgment("j1", "judge", null), judgment("j2", "ada", "j1"), judgment("j3", "ada", "j2"), judgment("j4", "judge", "j3", 1)].join("\n"));
    migrate(db, migrations, 2);
    expect(db.all("SELECT id FROM judgment WHERE is_correction = 1")).toEqual([{ id: "j2" }]);
    expect(() => {
      db.exec("UPDATE judgment SET is_correction = 0");
    }).toThrow("judgments are append-only");
  });
});

describe("migration 14", () => {
  it("keeps what evaluations recommended, and lets them say that preferences go round", () => {
    const db = open();
    migrate(db, migrations.slice(0, 13), 1);
    db.exec("PRAGMA foreign_keys = OFF");
    const insert = (id: string, verdict: string): string => `INSERT INTO recommendation VALUES ('${id}', 'p', '${verdict}', 'Use it.')`;
    db.exec(insert("old", "improved"));
    expect(() => {
      db.exec(insert("new", "cycle"));
    }).toThrow(/CHECK constraint failed/u);
    migrate(db, migrations, 2);
    db.exec(insert("new", "cycle"));
    expect(() => {
      db.exec(insert("none", "progress"));
    }).toThrow(/CHECK constraint failed/u);
    expect(db.all("SELECT attempt_id, verdict FROM recommendation ORDER BY attempt_id")).toEqual([
      { attempt_id: "new", verdict: "cycle" },
      { attempt_id: "old", verdict: "improved" },
    ]);
  });
});

describe("openStore", () => {
  it("opens what it made, with nothing left to migrate", async () => {
    const folder = tempFolder();
    const clock = { nowMs: () => 1 };
    const first = await openStore(folder, clock);
    expect(first.migration.applied).toEqual(migrations.map((migration) => migration.name));
    first.close();
    const second = await openStore(folder, clock);
    expect(second.migration).toEqual({ applied: [], backupPath: null });
    second.close();
  });

  it("refuses a damaged database and says where the copies are", async () => {
    const folder = tempFolder();
    const clock = { nowMs: () => 1 };
    const { db, close } = await openStore(folder, clock);
    // A page of data: without those of the schema SQLite could not even open the file.
    const page = Number(db.get("SELECT rootpage FROM sqlite_schema WHERE name = 'judgment'")?.["rootpage"]);
    close();
    const path = join(folder, DATABASE_NAME);
    const bytes = readFileSync(path);
    bytes.fill(0xff, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
    writeFileSync(path, bytes);
    await expect(openStore(folder, clock)).rejects.toThrow(/is damaged: .*backups/su);
  });
});
