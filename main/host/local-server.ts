/** The lab on a local socket: a Unix domain socket, or a named pipe on Windows. */
import { createServer, type Server } from "node:http";
import { connect as connectSocket } from "node:net";
import { chmod, rm } from "node:fs/promises";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import { WebSocket } from "ws";
import type { LabClient } from "#app/contract/contract.ts";
import { StoreError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";
import { acceptRpcSockets, RPC_PATH, RPC_PROTOCOL, type SocketServant } from "./rpc-sockets.ts";
import type { TokenGrant } from "./tokens.ts";

export type LocalServer = {
  close(): Promise<void>;
};

/** Serves the contract on a socket path; a socket file that a dead process left there is replaced. */
export async function serveLocally(socketPath: string, grants: readonly TokenGrant[], serve: SocketServant): Promise<LocalServer> {
  const server = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  const sockets = acceptRpcSockets(server, { grants, serve });
  if (!isPipe(socketPath)) await rm(socketPath, { force: true });
  await listen(server, socketPath);
  if (!isPipe(socketPath)) await chmod(socketPath, 0o600);
  return {
    close: async () => {
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new StoreError(hostWords.cannotListen(socketPath, cause.message), { socketPath }, { cause }));
    });
    server.listen(socketPath, resolve);
  });
}

function isPipe(socketPath: string): boolean {
  return socketPath.startsWith("\\\\");
}

/**
 * Opens a connection to a local socket; it may still fail, at the latest after `patienceMs`: the system takes connections
 * for a process that is stopped, and nobody ever speaks.
 */
export function dialLocally(socketPath: string, token: string, patienceMs: number): WebSocket {
  return new WebSocket(`ws://localhost${RPC_PATH}`, [RPC_PROTOCOL, token], {
    // The library tells the time by the socket's own clock, which nobody else would wind up here.
    createConnection: () => connectSocket({ path: socketPath, timeout: patienceMs }),
    handshakeTimeout: patienceMs,
    perMessageDeflate: false,
  });
}

type BrowserSocket = ConstructorParameters<typeof RPCLink>[0]["websocket"];

export type LocalClient = {
  readonly client: LabClient;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
};

/** A client of the lab behind a local socket. Throws StoreError if nobody answers there in time or the token is refused. */
export async function connectLocally(socketPath: string, token: string, patienceMs: number): Promise<LocalClient> {
  const socket = dialLocally(socketPath, token, patienceMs);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.on("error", (cause) => {
      reject(new StoreError(hostWords.nobodyAnswers(socketPath, cause.message), { socketPath }, { cause }));
    });
  });
  return {
    client: createORPCClient(new RPCLink({ websocket: asBrowserSocket(socket) })),
    closed,
    close: () => {
      socket.close();
    },
  };
}

/** The link asks for a browser's WebSocket; of that it uses what the one of `ws` has in the same form. */
function asBrowserSocket(socket: WebSocket): BrowserSocket {
  return socket as unknown as BrowserSocket; // the listeners' option types are declared differently, and not used
}
