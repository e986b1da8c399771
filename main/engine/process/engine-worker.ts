/** The engine's thread: answers calls one step at a time, so that cancels and other calls get in between. */
import { parentPort } from "node:worker_threads";
import { CancelledError, EngineError } from "#app/base/errors.ts";
import { createEngineMethods, type EngineCall, type MethodTable } from "./engine-methods.ts";
import type { EngineMethod, EngineReply, EngineRequest } from "./protocol.ts";
import { toWireError } from "./wire-error.ts";

const port = parentPort;
if (port === null) throw new EngineError("expected to run as a worker of the engine process");

let methods: MethodTable | undefined;
const cancelled = new Set<number>();
const running = new Set<number>();

const reply = (message: EngineReply): void => {
  port.postMessage(message);
};

port.on("message", (request: EngineRequest) => {
  switch (request.kind) {
    case "start":
      methods = createEngineMethods({ cacheDir: request.cacheDir });
      return;
    case "cancel":
      if (running.has(request.id)) cancelled.add(request.id);
      return;
    case "call":
      void answer(request.id, request.method, request.params);
      return;
    default:
      request satisfies never;
  }
});

async function answer(id: number, method: EngineMethod, params: unknown): Promise<void> {
  running.add(id);
  const call: EngineCall<never> = {
    emit: (event) => {
      reply({ kind: "event", id, event });
    },
    isCancelled: () => cancelled.has(id),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
  try {
    if (methods === undefined) throw new EngineError("expected a start before a call");
    if (call.isCancelled()) throw new CancelledError();
    const result = await methods[method](params as never, call); // The client's types pair method and parameters.
    reply({ kind: "result", id, result });
  } catch (thrown) {
    reply({ kind: "error", id, error: toWireError(thrown) });
  } finally {
    running.delete(id);
    cancelled.delete(id);
  }
}
