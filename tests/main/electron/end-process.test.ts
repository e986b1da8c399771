/** The end of a utility process, also of one that is only being started. */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { endProcess } from "#main/electron/end-process.ts";

/** What Electron gives: no pid until the process is there. */
class StartedProcess extends EventEmitter {
  child: ChildProcess | undefined;
  get pid(): number | undefined {
    return this.child?.pid;
  }
  kill(): boolean {
    return this.child?.kill() ?? false;
  }
  /** Resolves when the child is there and the listeners have heard of it. */
  async spawn(): Promise<ChildProcess> {
    // It would hear no SIGTERM.
    const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "spawn");
    this.child = child;
    this.emit("spawn");
    return child;
  }
}

it("ends a process that runs", async () => {
  const started = new StartedProcess();
  const child = await started.spawn();
  const gone = once(child, "exit");
  endProcess(started);
  await gone;
  expect(child.signalCode).toBe(process.platform === "win32" ? "SIGTERM" : "SIGKILL");
});

it("ends a process that was to be ended before it was there, once it is", async () => {
  const started = new StartedProcess();
  endProcess(started);
  endProcess(started);
  const child = await started.spawn();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe(process.platform === "win32" ? "SIGTERM" : "SIGKILL");
});
