/** The contract over message ports: a window's connection, answered by a lab of this process or passed on to another's. */
import { RPCHandler } from "@orpc/server/message-port";
import { WebSocket } from "ws";
import type { Role } from "#app/contract/base.ts";
import type { LabRouter } from "#main/lab/lab.ts";
import type { HostRouter } from "./host-router.ts";

/** What Electron's MessagePortMain and Node's MessagePort have in common; it is silent until it is started. */
export type RpcPort = {
  on(event: "message", listener: (message: { readonly data: unknown }) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

/** Answers one port for as long as it lives. */
export type PortServant = (port: RpcPort, role: Role) => void;

/** Answers ports with a lab of this process, or with the host itself. */
export function servePorts(router: LabRouter | HostRouter): PortServant {
  const handler = new RPCHandler(router);
  return (port, role) => {
    handler.upgrade(port, { context: { role } });
    port.start();
  };
}

/** Answers ports with a lab of another process, frame by frame; `dial` opens a connection to it for a role. */
export function forwardPorts(dial: (role: Role) => WebSocket): PortServant {
  return (port, role) => {
    const owner = dial(role);
    port.on("message", ({ data }) => {
      if (owner.readyState === WebSocket.OPEN && (typeof data === "string" || data instanceof Uint8Array)) owner.send(data);
    });
    owner.on("message", (data: Buffer, isBinary) => {
      port.postMessage(isBinary ? data : data.toString("utf8"));
    });
    owner.on("open", () => {
      port.start();
    });
    port.on("close", () => {
      owner.close();
    });
    // The window then dials again, and finds the folder's next owner.
    owner.on("close", () => {
      port.close();
    });
    owner.on("error", () => undefined);
  };
}
