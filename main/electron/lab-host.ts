/** The shell's side of the lab process: starts it, starts it again when it ends, and does for it what only the shell can. */
import { MessageChannelMain, type MessagePortMain, utilityProcess, type UtilityProcess } from "electron";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { endProcess } from "./end-process.ts";
import type { LabMessage, LabStart, ShellMessage } from "./messages.ts";

export type LabHostOptions = {
  /** The built file that the lab process runs. */
  readonly entry: string;
  readonly start: LabStart;
  /** What the lab says that is not about processes. */
  readonly hear: (message: Exclude<LabMessage, { readonly kind: "startProcess" | "killProcess" | "closed" }>) => void;
  /** The lab process ended by itself; `isGivenUp` after the third time in a row. */
  readonly onLost: (isGivenUp: boolean) => void;
};

export type LabHost = {
  send(message: ShellMessage, ports?: readonly MessagePortMain[]): void;
  /** Pauses what runs, lets the folders go, and ends the process. */
  close(): Promise<void>;
};

const MOST_DEATHS = 3;
/** A lab that has lived so long did not die in a row with the one before. */
const HEALTHY_MS = 60_000;

/** Only once the app is ready. */
export function startLabHost(options: LabHostOptions): LabHost {
  let lab: UtilityProcess | undefined;
  let deaths = 0;
  const { promise: closed, resolve: sayClosed } = Promise.withResolvers<void>();
  let isClosing = false;

  const begin = (): void => {
    const child = utilityProcess.fork(options.entry, [], { serviceName: "Nash Lab: lab", stdio: "inherit" });
    lab = child;
    const startedAtMs = Date.now();
    const engines = new Map<number, UtilityProcess>();
    const send = (message: ShellMessage, ports: readonly MessagePortMain[] = []): void => {
      child.postMessage(message, [...ports]);
    };
    child.on("message", (message: LabMessage) => {
      switch (message.kind) {
        case "startProcess":
          engines.set(
            message.id,
            startEngine(message.id, message.entry, send, () => void engines.delete(message.id)),
          );
          return;
        case "killProcess": {
          const engine = engines.get(message.id);
          if (engine !== undefined) endProcess(engine);
          return;
        }
        case "closed":
          isClosing = true;
          child.kill();
          return;
        default:
          options.hear(message);
      }
    });
    child.once("exit", () => {
      // An engine without its lab works for nobody.
      for (const engine of engines.values()) endProcess(engine);
      lab = undefined;
      if (isClosing) {
        sayClosed();
        return;
      }
      deaths = Date.now() - startedAtMs > HEALTHY_MS ? 1 : deaths + 1;
      options.onLost(deaths >= MOST_DEATHS);
      if (deaths < MOST_DEATHS) begin();
    });
    send({ kind: "start", ...options.start });
  };
  begin();
  return {
    send: (message, ports = []) => {
      // The page of a lab that is gone dials again.
      if (lab === undefined) for (const port of ports) port.close();
      else lab.postMessage(message, [...ports]);
    },
    close: async () => {
      isClosing = true;
      if (lab === undefined) sayClosed();
      else lab.postMessage({ kind: "close" } satisfies ShellMessage);
      await closed;
    },
  };
}

type Send = (message: ShellMessage, ports?: readonly MessagePortMain[]) => void;

/** The engine and its lab talk over a channel of their own; the shell only says when the engine came and went. */
function startEngine(id: number, entry: string, send: Send, onEnd: () => void): UtilityProcess {
  const env = { ...process.env, ...CHILD_ENVIRONMENT };
  const engine = utilityProcess.fork(entry, [], { serviceName: "Nash Lab: engine", stdio: "inherit", env });
  const { port1, port2 } = new MessageChannelMain();
  engine.once("spawn", () => {
    engine.postMessage({ kind: "connect" }, [port1]);
    send({ kind: "processStarted", id, pid: engine.pid }, [port2]);
  });
  engine.once("exit", (code) => {
    onEnd();
    send({ kind: "processEnded", id, code });
  });
  return engine;
}
