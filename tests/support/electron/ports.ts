/** Message ports as Electron's main process has them: EventEmitters that are silent until started, and that can go to another process. */
import { EventEmitter } from "node:events";

export class FakePort extends EventEmitter {
  #peer: FakePort | undefined;
  #waiting: unknown[] = [];
  #isStarted = false;
  #isClosed = false;
  /** Set when the port was handed to another process: what arrives for it goes there. */
  #handedTo: { readonly deliver: (data: unknown) => void; readonly close: () => void } | undefined;

  static pair(): { readonly port1: FakePort; readonly port2: FakePort } {
    const [port1, port2] = [new FakePort(), new FakePort()];
    port1.#peer = port2;
    port2.#peer = port1;
    return { port1, port2 };
  }

  postMessage(data: unknown): void {
    if (this.#handedTo !== undefined) throw new Error("this port was handed to another process");
    this.#peer?.deliver(structuredClone(data));
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.emit("message", { data, ports: [] });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const peer = this.#peer;
    queueMicrotask(() => {
      if (this.#handedTo === undefined) this.emit("close");
      else this.#handedTo.close();
      peer?.close();
    });
  }

  /** What the peer sent. */
  deliver(data: unknown): void {
    if (this.#isClosed) return;
    if (this.#handedTo !== undefined) this.#handedTo.deliver(data);
    else if (this.#isStarted) this.emit("message", { data, ports: [] });
    else this.#waiting.push(data);
  }

  /** Hands the port over; returns how the other process posts through it. */
  handTo(deliver: (data: unknown) => void, close: () => void): { post(data: unknown): void } {
    this.#handedTo = { deliver, close };
    for (const data of this.#waiting.splice(0)) deliver(data);
    return {
      post: (data) => {
        this.#peer?.deliver(data);
      },
    };
  }
}
