/** The connection of a page in a browser: a WebSocket to the server that the page came from. */
import { RPCLink } from "@orpc/client/websocket";
import type { PageKey } from "./token.ts";
import { type Dial, RefusedError, type Wire } from "./wire.ts";

/** The sub-protocol that the lab expects, with the token as the second. */
const PROTOCOL = "nashlab";
const PATH = "/rpc";

/** `target`: which of the server's labs, or its host; the only lab without it. */
export function createWebSocketDial(key: PageKey, target?: string): Dial {
  return async () => {
    if (key.opens === "nothing") throw new RefusedError(key.refusal);
    const url = new URL(target === undefined ? PATH : `${PATH}/${target}`, window.location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    const socket = new WebSocket(url, [PROTOCOL, key.token]);
    try {
      await opened(socket);
    } catch (thrown) {
      // A browser does not say why. If the server answers all the same, it was the token.
      if (await isServerThere()) throw new RefusedError("oldToken");
      throw thrown;
    }
    return wireOf(socket);
  };
}

async function opened(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => {
      resolve();
    });
    socket.addEventListener("close", (event) => {
      reject(new Error(`the connection was closed before it was open (${event.code})`));
    });
  });
}

function wireOf(socket: WebSocket): Wire {
  return {
    link: new RPCLink({ websocket: socket }),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    closed: new Promise((resolve) => {
      socket.addEventListener("close", () => {
        resolve();
      });
    }),
    close: () => {
      socket.close();
    },
  };
}

async function isServerThere(): Promise<boolean> {
  try {
    const response = await fetch("/", { method: "HEAD", cache: "no-store" });
    return response.ok;
  } catch {
    return false;
  }
}
