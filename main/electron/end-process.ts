/** Ends a utility process whatever it is doing: a run of ONNX Runtime hears no polite request. */
import type { UtilityProcess } from "electron";

type Ended = Pick<UtilityProcess, "pid" | "kill"> & { once(event: "spawn", listener: () => void): unknown };

export function endProcess(process_: Ended): void {
  const { pid } = process_;
  if (pid === undefined) {
    // It is still being started, and ends as soon as it is there. One that has gone never spawns.
    process_.once("spawn", () => endProcess(process_));
    return;
  }
  // Electron's own kill asks with SIGTERM; on Windows it ends the process at once.
  if (process.platform === "win32") {
    process_.kill();
    return;
  }
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
