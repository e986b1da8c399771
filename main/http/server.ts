/** The lab in a browser: the page and its connection on a port of this machine. */
import { createServer, type Server } from "node:http";
import { ConfigError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";
import { acceptRpcSockets, type TargetServant } from "#main/host/rpc-sockets.ts";
import type { TokenGrant } from "#main/host/tokens.ts";
import { objectionToHost, objectionToOrigin } from "./guards.ts";
import { answer, serveFile } from "./static-files.ts";

export type HttpServerOptions = {
  /** The folder of the built page. */
  readonly root: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly grants: readonly TokenGrant[];
  readonly serve: TargetServant;
  /** Whether something answers under a name after /rpc/. */
  readonly isTarget?: (target: string) => boolean;
  /** Further origins whose pages may connect, such as a development server's. */
  readonly alsoAllowedOrigins?: readonly string[];
};

export type HttpServer = {
  readonly port: number;
  readonly origin: string;
  close(): Promise<void>;
};

/** Starts serving on 127.0.0.1. Throws ConfigError if the port cannot be had. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const objection = objectionToHost(request, portOf(server));
    if (objection !== undefined) {
      answer(response, 403, objection);
      return;
    }
    void serveFile(options.root, request, response).catch(() => response.destroy());
  });
  await listen(server, options.port);
  const port = portOf(server);
  const sockets = acceptRpcSockets(server, {
    grants: options.grants,
    serve: options.serve,
    ...(options.isTarget === undefined ? {} : { isTarget: options.isTarget }),
    inspect: (request) => objectionToHost(request, port) ?? objectionToOrigin(request, port, options.alsoAllowedOrigins ?? []),
  });
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
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

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? hostWords.portTaken : cause.message;
      reject(new ConfigError(hostWords.portRefused(port, reason), { port }, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
