/** The lab process's way to the shell: what only the main process of Electron can do, asked for by message. */
import type { MessagePortMain, ParentPort } from "electron";
import { ConfigError } from "#app/base/errors.ts";
import type { ProcessHost } from "#app/rounds/ports.ts";
import type { ChooseFile } from "#main/host/host-router.ts";
import type { Keychain } from "#main/host/secrets.ts";
import type { LabMessage, ShellMessage } from "../messages.ts";

export type ShellLink = {
  say(message: LabMessage): void;
  /** Starts processes by the shell, as utility processes. */
  readonly processHost: ProcessHost;
  /** The system's, by the shell; each call fails where there is none. */
  readonly keychain: Keychain;
  readonly choose: ChooseFile;
  /** Hands over a message of the shell; true if it was an answer to something asked here. */
  take(message: ShellMessage, ports: readonly MessagePortMain[]): boolean;
};

type Started = {
  readonly onExit: Parameters<ProcessHost["start"]>[1];
  readonly listeners: ((message: unknown) => void)[];
  /** What was sent before the process had a port. */
  readonly early: unknown[];
  readonly gone: PromiseWithResolvers<void>;
  port: MessagePortMain | undefined;
  pid: number | undefined;
};

export function createShellLink(parent: Pick<ParentPort, "postMessage">): ShellLink {
  const say = (message: LabMessage): void => {
    parent.postMessage(message);
  };
  const processes = new Map<number, Started>();
  const questions = new Map<number, (answer: ShellMessage) => void>();
  let nextId = 0;
  const ask = async (message: (id: number) => LabMessage): Promise<ShellMessage> => {
    const id = (nextId += 1);
    return await new Promise((resolve) => {
      questions.set(id, resolve);
      say(message(id));
    });
  };
  const secret = async (message: (id: number) => LabMessage): Promise<string | null> => {
    const answer = await ask(message);
    if (answer.kind !== "secret") return null;
    if (answer.failure !== null) throw new ConfigError(answer.failure);
    return answer.value;
  };
  return {
    say,
    processHost: {
      start: (entry, onExit) => {
        const id = (nextId += 1);
        const started: Started = { onExit, listeners: [], early: [], gone: Promise.withResolvers(), port: undefined, pid: undefined };
        processes.set(id, started);
        say({ kind: "startProcess", id, entry });
        return {
          get pid() {
            return started.pid;
          },
          send: (message) => {
            if (started.port === undefined) started.early.push(message);
            else started.port.postMessage(message);
          },
          onMessage: (listener) => {
            started.listeners.push(listener);
          },
          kill: async () => {
            if (processes.has(id)) say({ kind: "killProcess", id });
            await started.gone.promise;
          },
        };
      },
    },
    keychain: {
      has: async (name) => (await secret((id) => ({ kind: "secretOf", id, action: "has", name }))) !== null,
      get: async (name) => await secret((id) => ({ kind: "secretOf", id, action: "get", name })),
      set: async (name, value) => {
        await secret((id) => ({ kind: "keepSecret", id, name, value }));
      },
      delete: async (name) => {
        await secret((id) => ({ kind: "secretOf", id, action: "delete", name }));
      },
    },
    choose: async (what) => {
      const answer = await ask((id) => ({ kind: "choose", id, what }));
      return answer.kind === "chosen" ? answer.path : null;
    },
    take: (message, ports) => {
      switch (message.kind) {
        case "processStarted":
          join(processes.get(message.id), message.pid, ports[0]);
          return true;
        case "processEnded": {
          const started = processes.get(message.id);
          processes.delete(message.id);
          started?.port?.close();
          started?.gone.resolve();
          started?.onExit({ code: message.code, signal: null });
          return true;
        }
        case "chosen":
        case "secret":
          questions.get(message.id)?.(message);
          questions.delete(message.id);
          return true;
        default:
          return false;
      }
    },
  };
}

function join(started: Started | undefined, pid: number | undefined, port: MessagePortMain | undefined): void {
  if (started === undefined || port === undefined) return;
  started.pid = pid;
  started.port = port;
  port.on("message", ({ data }) => {
    for (const listener of started.listeners) listener(data);
  });
  port.start();
  for (const message of started.early.splice(0)) port.postMessage(message);
}
