/** The built page, served with a lab behind it as `nashlab open` does, with a server that can be cut and started again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import { serveLab } from "#main/host/rpc-sockets.ts";
import { makeToken } from "#main/host/tokens.ts";
import { type HttpServer, startHttpServer } from "#main/http/server.ts";
import type { LabRouter } from "#main/lab/lab.ts";

export type BuiltPage = {
  readonly root: string;
  remove(): Promise<void>;
};

/** Builds the page into a folder of its own, so that test files can run at the same time. */
export async function buildPage(): Promise<BuiltPage> {
  const root = await mkdtemp(join(tmpdir(), "nashlab-page-"));
  await build({
    configFile: resolve(import.meta.dirname, "../../vite.web.config.ts"),
    logLevel: "error",
    build: { outDir: root, emptyOutDir: true },
  });
  return {
    root,
    remove: async () => {
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type ServedPage = {
  readonly url: string;
  /** Cuts every connection; nothing answers until `comeBack`. */
  goAway(): Promise<void>;
  /** On the same port, with the same token unless another is wanted. */
  comeBack(withToken?: string): Promise<void>;
  close(): Promise<void>;
};

export async function servePage(root: string, router: LabRouter): Promise<ServedPage> {
  const token = makeToken();
  const start = async (port: number, granted: string): Promise<HttpServer> =>
    await startHttpServer({ root, port, grants: [{ token: granted, role: "owner" }], serve: serveLab(router) });
  let server: HttpServer | undefined = await start(0, token);
  const { port, origin } = server;
  const goAway = async (): Promise<void> => {
    await server?.close();
    server = undefined;
  };
  return {
    url: `${origin}/#token=${token}`,
    goAway,
    comeBack: async (withToken = token) => {
      server = await start(port, withToken);
    },
    close: goAway,
  };
}
