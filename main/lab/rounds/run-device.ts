/** The device of a run: the one that was chosen, and the CPU once that has failed. */
import type { LabError } from "#app/base/errors.ts";
import type { AttemptId } from "#app/base/ids.ts";
import { type Device, DEVICE_NAMES, type EngineOptions } from "#app/domain/device.ts";
import { roundWords } from "#app/text/rounds.ts";
import { deviceMoves, insertDeviceMove } from "#main/store/queries/attempt-devices.ts";
import type { LabContext } from "../context.ts";
import { getEngineOptions } from "../engine-options.ts";

/** What a run's next job is to run with, on the CPU where it must; written down where that is another device than before. */
export function engineOfRun(lab: LabContext, attemptId: AttemptId, mustBe?: "cpu"): EngineOptions {
  const { db } = lab.store;
  const options = getEngineOptions(db);
  const chosen = { ...options, device: mustBe ?? options.device };
  const moves = deviceMoves(db, attemptId);
  // Numbers of a device that failed once are not trusted again in this run.
  if (moves.some(({ failed }) => failed !== null)) return { ...chosen, device: "cpu" };
  if (moves.at(-1)?.device !== chosen.device) insertDeviceMove(db, attemptId, { device: chosen.device, failed: null }, lab.clock.nowMs());
  return chosen;
}

/** The device of a run's last job; undefined while it has had none. */
export function lastDevice(lab: LabContext, attemptId: AttemptId): Device | undefined {
  return deviceMoves(lab.store.db, attemptId).at(-1)?.device;
}

/** Moves a run to the CPU and says so. It goes on from its last durable record. */
export function fallBack(lab: LabContext, attemptId: AttemptId, device: Device, { message }: LabError): void {
  insertDeviceMove(lab.store.db, attemptId, { device: "cpu", failed: { device, reason: message } }, lab.clock.nowMs());
  lab.events.publish({ type: "engine.fellBack", device, message });
}

/** What is to be known of a run's devices, in sentences. */
export function deviceRemarks(lab: LabContext, attemptId: AttemptId): string[] {
  return deviceMoves(lab.store.db, attemptId).flatMap(({ device, failed }) => {
    if (failed !== null) return [roundWords.deviceFailed(DEVICE_NAMES[failed.device], failed.reason)];
    return device === "cpu" ? [] : [roundWords.onDevice(DEVICE_NAMES[device])];
  });
}
