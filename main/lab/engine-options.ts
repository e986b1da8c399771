/** How the engine runs this experiment's jobs: on which device, with how many threads; and how a device's failure is known. */
import { EngineError } from "#app/base/errors.ts";
import { type Device, deviceSchema, type EngineOptions, engineOptionsSchema } from "#app/domain/device.ts";
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

/** The device on which a job failed; undefined where the failure had nothing to do with one that can be left. */
export function failedDevice(thrown: unknown, device: Device | undefined): Device | undefined {
  if (!(thrown instanceof EngineError) || device === undefined || device === "cpu") return undefined;
  const named = deviceSchema.safeParse(thrown.details["device"]);
  if (named.success) return named.data === "cpu" ? undefined : named.data;
  // A driver that fails hard takes the engine's process with it.
  return thrown.details["died"] === true ? device : undefined;
}
