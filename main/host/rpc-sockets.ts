/** The contract over WebSockets, on whatever an HTTP server listens: who is let in, and what then answers. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { RPCHandler } from "@orpc/server/ws";
import { WebSocket, WebSocketServer } from "ws";
import { MAX_REQUEST_BYTES, type Role } from "#app/contract/base.ts";
import { hostWords } from "#app/text/host.ts";
import type { LabRouter } from "#main/lab/lab.ts";
import type { HostRouter } from "./host-router.ts";
import { roleOfToken, type TokenGrant } from "./tokens.ts";

/** The sub-protocol that a client names first; its token follows as the second. */
export const RPC_PROTOCOL = "nashlab";
export const RPC_PATH = "/rpc";

/** Answers one accepted connection for as long as it lives. */
export type SocketServant = (socket: WebSocket, role: Role) => void;

/** The same where several things answer: `target` is what the address names after /rpc/, undefined for /rpc alone. */
export type TargetServant = (socket: WebSocket, role: Role, target: string | undefined) => void;

export type RpcSockets = {
  /** Cuts every connection; no new one is accepted. */
  close(): void;
};

export type RpcSocketsOptions = {
  readonly grants: readonly TokenGrant[];
  /** Looks at a request before its token; a sentence refuses it. */
  readonly inspect?: (request: IncomingMessage) => string | undefined;
  readonly serve: TargetServant;
  /** Whether something answers under the name; nothing does without it. */
  readonly isTarget?: (target: string) => boolean;
};

/** Accepts the lab's connections at /rpc of a server; every other upgrade is refused. */
export function acceptRpcSockets(server: Server, options: RpcSocketsOptions): RpcSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    handleProtocols: () => RPC_PROTOCOL,
  });
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on("error", () => stream.destroy());
    const admission = admit(request, options);
    if ("refused" in admission) {
      refuse(stream, admission.status, admission.refused);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // A broken frame or an oversized request closes the connection; the other side sees that.
      socket.on("error", () => undefined);
      options.serve(socket, admission.role, admission.target);
    });
  };
  server.on("upgrade", onUpgrade);
  return {
    close: () => {
      server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

type Admission = { readonly role: Role; readonly target: string | undefined } | { readonly status: number; readonly refused: string };

function admit(request: IncomingMessage, options: RpcSocketsOptions): Admission {
  const objection = options.inspect?.(request);
  if (objection !== undefined) return { status: 403, refused: objection };
  const target = targetOf(request.url ?? "");
  if (target === null || (target !== undefined && options.isTarget?.(target) !== true)) {
    return { status: 404, refused: hostWords.wrongPath(RPC_PATH, String(request.url)) };
  }
  const [protocol, token] = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((part) => part.trim());
  if (protocol !== RPC_PROTOCOL || token === undefined) {
    return { status: 401, refused: hostWords.noToken(RPC_PROTOCOL) };
  }
  const role = roleOfToken(options.grants, token);
  if (role === undefined) return { status: 403, refused: hostWords.wrongToken };
  return { role, target };
}

/** What follows /rpc/; undefined for /rpc itself, null for every other address. */
function targetOf(url: string): string | undefined | null {
  if (url === RPC_PATH) return undefined;
  return /^\/rpc\/([\w-]{1,64})$/u.exec(url)?.[1] ?? null;
}

const REASONS: Readonly<Record<number, string>> = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" };

function refuse(stream: Duplex, status: number, sentence: string): void {
  stream.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(sentence)}\r\n\r\n${sentence}`,
  );
}

/** Answers connections with a lab of this process. */
export function serveLab(router: LabRouter): SocketServant {
  return serveRouter(router);
}

/** Answers connections with a lab of this process, or with the host itself. */
export function serveRouter(router: LabRouter | HostRouter): SocketServant {
  const handler = new RPCHandler(router);
  return (socket, role) => {
    // The handler only adds listeners; nothing of it can fail later.
    void handler.upgrade(socket, { context: { role } });
  };
}

/** Bytes that may wait for a slow reader before the other side is no longer read. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Answers connections with a lab of another process, frame by frame; `dial` opens a connection to it for a role. */
export function forwardSockets(dial: (role: Role) => WebSocket): SocketServant {
  return (socket, role) => {
    const owner = dial(role);
    const early: { readonly data: Buffer; readonly isBinary: boolean }[] = [];
    socket.on("message", (data: Buffer, isBinary) => {
      if (owner.readyState === WebSocket.CONNECTING) early.push({ data, isBinary });
      else pass(data, isBinary, socket, owner);
    });
    owner.on("open", () => {
      for (const { data, isBinary } of early.splice(0)) pass(data, isBinary, socket, owner);
    });
    owner.on("message", (data: Buffer, isBinary) => {
      pass(data, isBinary, owner, socket);
    });
    socket.on("close", () => {
      owner.close();
    });
    // The page then rebuilds its connection, and finds the folder's next owner.
    owner.on("close", () => {
      socket.close(1012, hostWords.ownerGone);
    });
    owner.on("error", () => undefined);
  };
}

function pass(data: Buffer, isBinary: boolean, from: WebSocket, to: WebSocket): void {
  if (to.readyState !== WebSocket.OPEN) return;
  if (to.bufferedAmount > MAX_BUFFERED_BYTES) from.pause();
  to.send(data, { binary: isBinary }, () => {
    if (from.isPaused && to.bufferedAmount <= MAX_BUFFERED_BYTES) from.resume();
  });
}
