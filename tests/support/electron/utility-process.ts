/** Utility processes: real processes of Node that are given what Electron gives its own. */
import { type ChildProcess, fork } from "node:child_process"; // eslint-disable-line no-restricted-syntax -- stands in for Electron's own
import { EventEmitter } from "node:events";
import { type FakePort } from "./ports.ts";
import type { FromUtility, ToUtility } from "./utility-messages.ts";

const PRELOAD = new URL("./utility-preload.ts", import.meta.url).href;
let nextPort = 0;

export class FakeUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, { readonly port: FakePort; readonly post: (data: unknown) => void }>();

  readonly entry: string;

  constructor(entry: string) {
    super();
    this.entry = entry;
    // eslint-disable-next-line no-restricted-syntax -- as above
    this.#child = fork(entry, [], {
      execArgv: ["--disable-warning=ExperimentalWarning", `--import=${PRELOAD}`],
      serialization: "advanced",
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#child.once("spawn", () => this.emit("spawn"));
    this.#child.once("exit", (code) => {
      for (const { port } of this.#ports.values()) port.close();
      this.emit("exit", code ?? 0);
    });
    this.#child.on("message", (message: FromUtility) => {
      this.#take(message);
    });
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  postMessage(data: unknown, transfer: readonly FakePort[] = []): void {
    const ports = transfer.map((port) => {
      const id = (nextPort += 1);
      const { post } = port.handTo(
        (arrived) => {
          this.#send({ kind: "port", id, data: arrived });
        },
        () => {
          this.#send({ kind: "portClosed", id });
        },
      );
      this.#ports.set(id, { port, post });
      return id;
    });
    this.#send({ kind: "message", data, ports });
  }

  kill(): boolean {
    return this.#child.kill("SIGTERM");
  }

  #take(message: FromUtility): void {
    switch (message.kind) {
      case "message":
        this.emit("message", message.data);
        return;
      case "port":
        this.#ports.get(message.id)?.post(message.data);
        return;
      case "closePort":
        this.#ports.get(message.id)?.port.close();
        return;
      default:
        message satisfies never;
    }
  }

  #send(message: ToUtility): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
