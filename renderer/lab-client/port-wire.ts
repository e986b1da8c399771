/** The connection of a window's page: a message port that the shell passes on to the lab process. */
import { RPCLink } from "@orpc/client/message-port";
import type { Dial, Wire } from "./wire.ts";

/** The one message that the preload takes from the page; it comes with the port and the name of what is wanted. */
const CONNECT = "nashlab:connect";

/** A port is open at once: what is sent before somebody reads it waits in it. */
export function createPortDial(target: string): Dial {
  return async () => {
    const { port1, port2 } = new MessageChannel();
    window.postMessage({ type: CONNECT, target }, window.location.origin, [port2]);
    return await Promise.resolve(wireOf(port1));
  };
}

function wireOf(port: MessagePort): Wire {
  let isOpen = true;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const finish = (): void => {
    isOpen = false;
    resolve();
  };
  port.addEventListener("close", finish);
  const link = new RPCLink({ port });
  port.start();
  return {
    link,
    isOpen: () => isOpen,
    closed,
    close: () => {
      port.close();
      finish();
    },
  };
}
