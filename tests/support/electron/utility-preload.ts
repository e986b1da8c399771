/** Loaded into a fake utility process before its entry: gives it `process.parentPort`, over the channel of a fork. */
import { EventEmitter } from "node:events";
import type { FromUtility, ToUtility } from "./utility-messages.ts";

const say = (message: FromUtility): void => void process.send?.(message, undefined, undefined, () => undefined);

class ChildPort extends EventEmitter {
  readonly #id: number;
  #waiting: unknown[] = [];
  #isStarted = false;

  constructor(id: number) {
    super();
    this.#id = id;
  }

  postMessage(data: unknown): void {
    say({ kind: "port", id: this.#id, data });
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.emit("message", { data, ports: [] });
  }

  close(): void {
    say({ kind: "closePort", id: this.#id });
  }

  deliver(data: unknown): void {
    if (this.#isStarted) this.emit("message", { data, ports: [] });
    else this.#waiting.push(data);
  }
}

const ports = new Map<number, ChildPort>();

/** Messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  #waiting: { readonly data: unknown; readonly ports: readonly ChildPort[] }[] = [];

  postMessage(data: unknown): void {
    say({ kind: "message", data });
  }

  take(data: unknown, portIds: readonly number[]): void {
    const message = {
      data,
      ports: portIds.map((id) => {
        const port = new ChildPort(id);
        ports.set(id, port);
        return port;
      }),
    };
    if (this.listenerCount("message") > 0) this.emit("message", message);
    else this.#waiting.push(message);
  }

  flush(): void {
    for (const message of this.#waiting.splice(0)) this.emit("message", message);
  }
}

const parentPort = new ParentPort();
parentPort.on("newListener", (name: string) => {
  if (name === "message") {
    setImmediate(() => {
      parentPort.flush();
    });
  }
});
Object.defineProperty(process, "parentPort", { value: parentPort });

process.on("message", (message: ToUtility) => {
  switch (message.kind) {
    case "message":
      parentPort.take(message.data, message.ports);
      return;
    case "port":
      ports.get(message.id)?.deliver(message.data);
      return;
    case "portClosed":
      ports.get(message.id)?.emit("close");
      ports.delete(message.id);
      return;
    default:
      message satisfies never;
  }
});
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
