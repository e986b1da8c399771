/** The lab in a browser: the page and its connection on a port of this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ConfigError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";
import { SECURITY_HEADERS } from "#main/host/page-files.ts";
import { acceptRpcSockets, type TargetServant } from "#main/host/rpc-sockets.ts";
import type { TokenGrant } from "#main/host/tokens.ts";
import { objectionToHost, objectionToOrigin } from "./guards.ts";
import { answerOnce, ONCE_PATH, type OnceAddress } from "./once.ts";
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
  /** The address that lets one page in, if a browser was given one. */
  readonly once?: OnceAddress;
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
    void respond(options, portOf(server), request, response).catch(() => response.destroy());
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

async function respond(options: HttpServerOptions, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  response.setHeader("Cache-Control", "no-store");
  const once = request.url === ONCE_PATH ? options.once : undefined;
  const objection =
    objectionToHost(request, port) ?? (once === undefined ? undefined : objectionToOrigin(request, port, options.alsoAllowedOrigins ?? []));
  if (objection !== undefined) answer(response, 403, objection);
  else if (once !== undefined) await answerOnce(once, request, response);
  else await serveFile(options.root, request, response);
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
