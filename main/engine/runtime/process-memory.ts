/** How much memory this process holds. */
import { readFileSync } from "node:fs";

/**
 * Bytes of this process. On Linux each page once, however often it is mapped: every runtime session maps the weights again, and the
 * resident set counts them each time.
 */
export function heldBytes(): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  return heldBytesOf("self") ?? process.memoryUsage.rss();
}

/** The same of another process, by its id; undefined where the system does not say. */
export function heldBytesOf(pid: number | "self"): number | undefined {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readRollup(pid))?.[1];
  return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
}

function readRollup(pid: number | "self"): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  } catch {
    // Kernels before 4.14 have none, and some sandboxes hide it.
    return "";
  }
}
