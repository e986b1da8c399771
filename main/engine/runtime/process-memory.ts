/** How much memory this process holds. */
import { readFileSync } from "node:fs";

/**
 * Bytes. On Linux each page once, however often it is mapped: every runtime session maps the weights again, and the
 * resident set counts them each time.
 */
export function heldBytes(): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readRollup())?.[1];
  return kilobytes === undefined ? process.memoryUsage.rss() : 1024 * Number(kilobytes);
}

function readRollup(): string {
  try {
    return readFileSync("/proc/self/smaps_rollup", "utf8");
  } catch {
    // Kernels before 4.14 have none, and some sandboxes hide it.
    return "";
  }
}
