/** Authors, devices with their sequences, and oracles. */
import { StoreError } from "#app/base/errors.ts";
import type { AuthorId, DeviceId, IdMaker, OracleId } from "#app/base/ids.ts";
import type { Oracle } from "#app/domain/oracle.ts";
import { storeWords } from "#app/text/store.ts";
import { number, type ReadableDb, text, type WritableDb } from "../database.ts";

/** The device that this database is written on; made at the first use, and for nothing where nothing may be written. */
export function localDevice(db: WritableDb & { readonly isReadOnly: boolean }, ids: IdMaker, name: string): DeviceId {
  return db.transaction(() => {
    const row = db.get("SELECT id FROM device WHERE is_local = 1");
    if (row !== undefined) return text(row, "id") as DeviceId;
    const id = ids.next() as DeviceId;
    if (db.isReadOnly) return id;
    db.run("INSERT INTO device (id, name, is_local) VALUES ($id, $name, 1)", { id, name });
    return id;
  });
}

/** The device's next number; taken in the transaction of the record that carries it. */
export function takeSequence(db: WritableDb, deviceId: DeviceId): number {
  db.run("UPDATE device SET last_sequence = last_sequence + 1 WHERE id = $id", { id: deviceId });
  const row = db.get("SELECT last_sequence FROM device WHERE id = $id", { id: deviceId });
  if (row === undefined) throw new StoreError(storeWords.noDevice(deviceId));
  return number(row, "last_sequence");
}

export type AuthorKind = "person" | "judge" | "script";

/** The author of that name, made if there is none. */
export function ensureAuthor(db: WritableDb, ids: IdMaker, name: string, kind: AuthorKind): AuthorId {
  return db.transaction(() => {
    const row = db.get("SELECT id, kind FROM author WHERE name = $name", { name });
    if (row === undefined) {
      const id = ids.next() as AuthorId;
      db.run("INSERT INTO author (id, name, kind) VALUES ($id, $name, $kind)", { id, name, kind });
      return id;
    }
    if (text(row, "kind") !== kind) throw new StoreError(storeWords.nameTaken(JSON.stringify(name), text(row, "kind"), kind));
    return text(row, "id") as AuthorId;
  });
}

/** People and how many live judgments each has made. */
export function listPeople(db: ReadableDb): { readonly name: string; readonly judgments: number }[] {
  return db
    .all(
      `SELECT a.name, (SELECT coalesce(sum(c.n), 0) FROM verdict_count c WHERE c.author_id = a.id AND c.criterion = '') AS judgments
       FROM author a WHERE a.kind = 'person' ORDER BY a.name`,
    )
    .map((row) => ({ name: text(row, "name"), judgments: number(row, "judgments") }));
}

/** Stores an oracle unless its version is there; returns the id of that version. */
export function ensureOracle(db: WritableDb, oracle: Oracle): OracleId {
  return db.transaction(() => {
    db.run("INSERT INTO oracle (id, version, name, config) VALUES ($id, $version, $name, $config) ON CONFLICT (version) DO NOTHING", {
      id: oracle.id,
      version: oracle.version,
      name: oracle.name,
      config: JSON.stringify(oracle.config),
    });
    const row = db.get("SELECT id FROM oracle WHERE version = $version", { version: oracle.version });
    if (row === undefined) throw new StoreError(storeWords.oracleNotStored(oracle.version));
    return text(row, "id") as OracleId;
  });
}
