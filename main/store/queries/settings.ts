/** Small settings of an experiment that no table of its own holds, each under its name. */
import { type ReadableDb, text, type WritableDb } from "../database.ts";

export function getSetting(db: ReadableDb, name: string): string | undefined {
  const row = db.get("SELECT value FROM setting WHERE name = $name", { name });
  return row && text(row, "value");
}

export function setSetting(db: WritableDb, name: string, value: string): void {
  db.run("INSERT INTO setting (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", { name, value });
}
