/** Starts child processes on plain Node: the one place that forks. */
import { fork, type ChildProcess } from "node:child_process";
import type { ProcessHandle, ProcessHost } from "#app/rounds/ports.ts";
import { CHILD_ENVIRONMENT } from "./child-environment.ts";

/** Runs inside the child before its entry: ties its life to the parent's and leaves signals of the terminal to the parent. */
const PRELOAD = new URL("./child-preload.js", import.meta.url).href;

/**
 * A ProcessHost by `child_process.fork`. Entries are .js or .ts files (Node strips the types). What a child prints goes
 * to standard error, so that standard output stays the parent's. A child dies when its parent does, however that died.
 */
export function createForkHost(): ProcessHost {
  return {
    start: (entry, onExit) => {
      const child = fork(entry, [], {
        execArgv: ["--disable-warning=ExperimentalWarning", `--import=${PRELOAD}`],
        env: { ...process.env, ...CHILD_ENVIRONMENT },
        serialization: "advanced",
        stdio: ["ignore", 2, 2, "ipc"],
      });
      return handleOf(child, onExit);
    },
  };
}

function handleOf(child: ChildProcess, onExit: Parameters<ProcessHost["start"]>[1]): ProcessHandle {
  const gone = new Promise<void>((resolve) => {
    const finish = (code: number | null, signal: string | null): void => {
      child.removeAllListeners("message");
      resolve();
      onExit({ code, signal });
    };
    child.once("exit", finish);
    // A process that could not be started never exits: its error is its end. Later errors are followed by an exit.
    child.on("error", () => {
      if (child.pid === undefined) finish(null, null);
    });
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (!child.connected) return;
      // A message that meets a dying child is lost; that the child died is told by its exit.
      child.send(toSerializable(message), () => undefined);
    },
    onMessage: (listener) => {
      child.on("message", (message: unknown) => {
        listener(message);
      });
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The advanced serialisation carries every structured-cloneable value; the type of `send` knows only JSON's. */
function toSerializable(message: unknown): Parameters<ChildProcess["send"]>[0] {
  return message as Parameters<ChildProcess["send"]>[0]; // `serialization: "advanced"` above
}
