/** The experiment's store: its database, brought to this program's schema, and its artefacts. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtefactStore, Clock } from "#app/rounds/ports.ts";
import { openArtefacts } from "./artefacts.ts";
import { type Connection, damaged, openDatabase, text } from "./database.ts";
import { migrate, type MigrationReport, type NewerSchema, newerSchema, newerSchemaSentence } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";

export const DATABASE_NAME = "experiment.db";

export type Store = {
  readonly db: Connection;
  readonly artefacts: ArtefactStore;
  readonly migration: MigrationReport;
  /** Set where a later version of the lab wrote the database: everything can be read, nothing changed. */
  readonly newer: NewerSchema | null;
  close(): void;
};

/** Opens (or makes) the store of a folder. The caller owns the folder: there is one writer. */
export async function openStore(folder: string, clock: Clock): Promise<Store> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, DATABASE_NAME);
  const newer = newerThanKnown(path);
  const db = newer === undefined ? openDatabase(path) : openDatabase(path, { readOnly: true, whyReadOnly: newerSchemaSentence(newer) });
  try {
    const migration = newer === undefined ? migrate(db, migrations, clock.nowMs()) : { applied: [], backupPath: null };
    checkDatabase(db);
    const artefacts = await openArtefacts(folder, db, () => clock.nowMs());
    return {
      db,
      artefacts,
      migration,
      newer: newer ?? null,
      close: () => {
        db.close();
      },
    };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Looked at before anything is opened for writing, which would change the file. */
function newerThanKnown(path: string): NewerSchema | undefined {
  if (!existsSync(path)) return undefined;
  const db = openDatabase(path, { readOnly: true });
  try {
    return newerSchema(db, migrations);
  } finally {
    db.close();
  }
}

/** SQLite's own quick look at the file. @throws StoreError */
export function checkDatabase(db: Connection): void {
  const found = text(db.get("PRAGMA quick_check(1)") ?? {}, "quick_check");
  if (found !== "ok") throw damaged(db.path, found);
}
