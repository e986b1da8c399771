/** The experiment's store: its database, brought to this program's schema, and its artefacts. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ArtefactStore, Clock } from "#app/rounds/ports.ts";
import { openArtefacts } from "./artefacts.ts";
import { type Connection, damaged, openDatabase, text } from "./database.ts";
import { migrate, type MigrationReport } from "./migrate.ts";
import { migrations } from "./migrations/all.ts";

export const DATABASE_NAME = "experiment.db";

export type Store = {
  readonly db: Connection;
  readonly artefacts: ArtefactStore;
  readonly migration: MigrationReport;
  close(): void;
};

/** Opens (or makes) the store of a folder. The caller owns the folder: there is one writer. */
export async function openStore(folder: string, clock: Clock): Promise<Store> {
  mkdirSync(folder, { recursive: true });
  const db = openDatabase(join(folder, DATABASE_NAME));
  try {
    const migration = migrate(db, migrations, clock.nowMs());
    checkDatabase(db);
    const artefacts = await openArtefacts(folder, db, () => clock.nowMs());
    return {
      db,
      artefacts,
      migration,
      close: () => {
        db.close();
      },
    };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** SQLite's own quick look at the file. @throws StoreError */
export function checkDatabase(db: Connection): void {
  const found = text(db.get("PRAGMA quick_check(1)") ?? {}, "quick_check");
  if (found !== "ok") throw damaged(db.path, found);
}
