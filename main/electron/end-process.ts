/** Ends a utility process whatever it is doing: a run of ONNX Runtime hears no polite request. */
import type { UtilityProcess } from "electron";

export function endProcess(process_: Pick<UtilityProcess, "pid" | "kill">): void {
  const { pid } = process_;
  if (pid === undefined) return;
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
