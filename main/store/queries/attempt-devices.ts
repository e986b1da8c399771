/** On which devices the models of a run were: chosen, or fallen back to. */
import type { AttemptId } from "#app/base/ids.ts";
import { type Device, deviceSchema } from "#app/domain/device.ts";
import { type ReadableDb, text, textOrNull, type WritableDb } from "../database.ts";

export type DeviceMove = {
  readonly device: Device;
  /** The device that failed before; null where somebody had chosen. */
  readonly failed: { readonly device: Device; readonly reason: string } | null;
};

/** In the order in which they happened. */
export function deviceMoves(db: ReadableDb, attemptId: AttemptId): DeviceMove[] {
  return db
    .all("SELECT device, failed_device, reason FROM attempt_device WHERE attempt_id = $attempt_id ORDER BY number", { attempt_id: attemptId })
    .map((row) => {
      const failed = textOrNull(row, "failed_device");
      return {
        device: deviceSchema.parse(text(row, "device")),
        failed: failed === null ? null : { device: deviceSchema.parse(failed), reason: text(row, "reason") },
      };
    });
}

export function insertDeviceMove(db: WritableDb, attemptId: AttemptId, { device, failed }: DeviceMove, nowMs: number): void {
  db.run(
    `INSERT INTO attempt_device (attempt_id, number, device, failed_device, reason, moved_at)
     VALUES ($attempt_id, 1 + (SELECT count(*) FROM attempt_device WHERE attempt_id = $attempt_id), $device, $failed_device, $reason, $moved_at)`,
    { attempt_id: attemptId, device, failed_device: failed?.device ?? null, reason: failed?.reason ?? null, moved_at: nowMs },
  );
}
