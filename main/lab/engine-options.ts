/** How the engine runs this experiment's jobs: on which device, with how many threads. */
import { type EngineOptions, engineOptionsSchema } from "#app/domain/device.ts";
import type { ReadableDb, WritableDb } from "#main/store/database.ts";
import { getSetting, setSetting } from "#main/store/queries/settings.ts";

const ENGINE = "engine.options";

export function getEngineOptions(db: ReadableDb): EngineOptions {
  const stored = getSetting(db, ENGINE);
  return engineOptionsSchema.parse(stored === undefined ? {} : JSON.parse(stored));
}

export function setEngineOptions(db: WritableDb, options: EngineOptions): void {
  setSetting(db, ENGINE, JSON.stringify(options));
}
