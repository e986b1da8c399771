/** The threads of a runtime session where a process may use only some of the machine's processors. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { describe, expect, it } from "vitest";
import { threadCount } from "#main/engine/runtime/thread-count.ts";

describe("threadCount", () => {
  it("leaves the choice to ONNX Runtime on a whole machine, and takes what was asked for", () => {
    expect(threadCount(0, 8, 8)).toBe(0);
    expect(threadCount(3, 8, 8)).toBe(3);
    expect(threadCount(3, 1, 8)).toBe(3);
    // Some sandboxes show no processors.
    expect(threadCount(0, 2, 0)).toBe(0);
  });

  it("takes a thread for each processor of a part of the machine", () => {
    expect(threadCount(0, 2, 8)).toBe(2);
  });

  it.skipIf(process.platform !== "linux" || cpus().length < 2)("knows of a process that is held to one processor", () => {
    const script = "import('#main/engine/runtime/thread-count.ts').then(({ threadCount }) => console.log(threadCount(0)))";
    const { stdout, stderr } = spawnSync("taskset", ["-c", "0", process.execPath, "--input-type=module", "-e", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe("1");
  });
});
