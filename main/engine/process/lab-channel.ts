/** The engine process's way to its lab: Node's own channel after a fork, a message port in a utility process of Electron. */
import type { EngineReply, EngineRequest } from "./protocol.ts";

type Port = {
  on(event: "message", listener: (message: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
};

/** What Electron gives a utility process; its first message brings the port to the lab. */
type ParentPort = { once(event: "message", listener: (message: { readonly ports: readonly Port[] }) => void): unknown };

export type LabChannel = {
  send(reply: EngineReply): void;
  onRequest(listener: (request: EngineRequest) => void): void;
};

export function openLabChannel(): LabChannel {
  const parent = (process as unknown as { readonly parentPort?: ParentPort }).parentPort; // Electron's addition to Node's process
  return parent === undefined ? nodeChannel() : portChannel(parent);
}

function nodeChannel(): LabChannel {
  return {
    // A reply that meets a dead lab is lost; that the lab is gone ends this process anyway.
    send: (reply) => void process.send?.(reply, undefined, undefined, () => undefined),
    onRequest: (listener) => {
      process.on("message", listener);
    },
  };
}

function portChannel(parent: ParentPort): LabChannel {
  const { promise: port, resolve } = Promise.withResolvers<Port>();
  parent.once("message", ({ ports }) => {
    const [first] = ports;
    if (first !== undefined) resolve(first);
  });
  return {
    send: (reply) => {
      void port.then((open) => {
        open.postMessage(reply);
      });
    },
    onRequest: (listener) => {
      void port.then((open) => {
        open.on("message", ({ data }) => {
          listener(data as EngineRequest); // only the lab has the other end
        });
        open.start();
      });
    },
  };
}
