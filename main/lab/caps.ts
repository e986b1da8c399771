/** The most that judges may cost in this experiment. */
import { type Caps, capsSchema } from "#app/domain/endpoint.ts";
import type { ReadableDb, WritableDb } from "#main/store/database.ts";
import { getSetting, setSetting } from "#main/store/queries/settings.ts";

const CAPS = "judges.caps";

export function getCaps(db: ReadableDb): Caps {
  const stored = getSetting(db, CAPS);
  return capsSchema.parse(stored === undefined ? {} : JSON.parse(stored));
}

export function setCaps(db: WritableDb, caps: Caps): void {
  setSetting(db, CAPS, JSON.stringify(caps));
}
