/** The connection: readers that cannot write, transactions that are all or nothing, columns of the kind that was asked for. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "#app/base/errors.ts";
import { type Connection, number, numberOrNull, openDatabase, text, textOrNull } from "#main/store/database.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

function open(): Connection {
  const db = openDatabase(join(tempFolder(), "test.db"));
  onTestFinished(() => {
    db.close();
  });
  db.exec("CREATE TABLE thing (name TEXT NOT NULL, size REAL) STRICT");
  return db;
}

const ADD = "INSERT INTO thing (name, size) VALUES ($name, $size)";

function names(db: Connection): unknown[] {
  return db.all("SELECT name FROM thing ORDER BY name").map((row) => row["name"]);
}

describe("a transaction", () => {
  it("leaves nothing behind when it throws", () => {
    const db = open();
    const work = (): void => {
      db.run(ADD, { name: "a", size: 1 });
      throw new Error("stop");
    };
    expect(() => db.transaction(work)).toThrow("stop");
    expect(names(db)).toEqual([]);
  });

  it("inside another is part of it: the outer one's end decides", () => {
    const db = open();
    const work = (): void => {
      db.transaction(() => db.run(ADD, { name: "inner", size: 1 }));
      throw new Error("stop");
    };
    expect(() => db.transaction(work)).toThrow("stop");
    expect(names(db)).toEqual([]);
  });

  it("returns what its work returns", () => {
    expect(open().transaction(() => 7)).toBe(7);
  });
});

describe("a read-only connection", () => {
  it("sees what the writer has committed and writes nothing", () => {
    const db = open();
    const reader = openDatabase(db.path, { readOnly: true });
    onTestFinished(() => {
      reader.close();
    });
    db.run(ADD, { name: "a", size: null });
    expect(names(reader)).toEqual(["a"]);
    expect(() => reader.run(ADD, { name: "b", size: 1 })).toThrow(/was opened to be read only/u);
  });

  it("is not made where there is no database", () => {
    const path = join(tempFolder(), "none.db");
    expect(() => openDatabase(path, { readOnly: true })).toThrow(StoreError);
  });
});

describe("openDatabase", () => {
  it("waits for the disk at each commit, keeps a write-ahead log and checks foreign keys", () => {
    const db = open();
    expect(db.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
    expect(db.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
    expect(db.get("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
  });

  it("names the file that is no database", () => {
    const path = join(tempFolder(), "prose.db");
    writeFileSync(path, "This is not a database, however long one reads on in it.".repeat(40));
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: "store", message: expect.stringContaining(path) as string }));
  });
});

describe("a column", () => {
  const row = { name: "a", size: 2.5, none: null };

  it("is read as its kind", () => {
    expect([text(row, "name"), number(row, "size"), textOrNull(row, "none"), numberOrNull(row, "none")]).toEqual(["a", 2.5, null, null]);
  });

  it.each([
    ["text", () => text(row, "size"), "expected a text in column size, got number"],
    ["number", () => number(row, "name"), "expected a number in column name, got string"],
    ["text or null", () => textOrNull(row, "size"), "expected a text in column size, got number"],
    ["text that is not there", () => text(row, "absent"), "expected a text in column absent, got undefined"],
  ])("of another kind than %s is refused", (_, read, message) => {
    expect(read).toThrow(message);
  });
});

it("a full disk is said as what it is; what was stored stays, and more is stored when there is room", () => {
  const db = open();
  db.run(ADD, { name: "before", size: 1 });
  // As many pages as there are, as if the disk had no more.
  db.exec("PRAGMA max_page_count = 1");
  const fill = (): void => {
    for (let i = 0; i < 1000; i++) db.run(ADD, { name: `more ${"x".repeat(100)}`, size: i });
  };
  expect(() => {
    db.transaction(fill);
  }).toThrow(StoreError);
  expect(fill).toThrow(/^the disk is full where .*test\.db lies; what was stored until now is kept/u);
  expect(names(db)).toContain("before");
  db.exec("PRAGMA max_page_count = 1000000");
  db.transaction(fill);
  expect(names(db).length).toBeGreaterThan(1000);
});
