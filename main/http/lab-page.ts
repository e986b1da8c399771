/** `nashlab open`: chooses what to show first, keeps the host's desk, serves the page and opens it. */
import { join } from "node:path";
import { hostWords } from "#app/text/host.ts";
import type { Connection } from "#main/host/connect.ts";
import { createDesk, type Desk, type OpenedExperiment } from "#main/host/desk.ts";
import { hasExperiment } from "#main/host/experiment-folder.ts";
import { createHostRouter, type HostRouter } from "#main/host/host-router.ts";
import { openOrBegin } from "#main/host/open-or-begin.ts";
import { serveRouter, type TargetServant } from "#main/host/rpc-sockets.ts";
import { createRecentExperiments } from "#main/host/recent-experiments.ts";
import { makeToken } from "#main/host/tokens.ts";
import type { UserFolders } from "#main/host/user-folders.ts";
import { lookAtExperiment } from "#main/lab/look.ts";
import { readVersion } from "#main/lab/version.ts";
import { createOnceAddress } from "./once.ts";
import { ensureRenderer } from "./renderer-build.ts";
import { type HttpServer, type HttpServerOptions, startHttpServer } from "./server.ts";

export type LabPageOptions = {
  /** What the user named; undefined leaves the choice to us. */
  readonly folder: string | undefined;
  readonly currentFolder: string;
  /** 0 takes a free one; undefined the usual one, or a free one if another program has that. */
  readonly port: number | undefined;
  readonly userFolders: UserFolders;
  readonly connect: (folder: string) => Promise<Connection>;
  readonly devOrigin: string | undefined;
  /** Resolves to whether a browser took the address; undefined if none is wanted. */
  readonly openBrowser: ((url: string) => Promise<boolean>) | undefined;
  readonly note: (sentence: string) => void;
  /** Where the built page lies; it is built if this is not given. */
  readonly root?: string;
};

export type LabPage = {
  /** With the token in the fragment, which browsers do not send anywhere. */
  readonly url: string;
  /** Of the experiment that is shown first; null if the page begins with the list. */
  readonly folder: string | null;
  close(): Promise<void>;
};

const RESOURCES = join(import.meta.dirname, "../../resources");
/** What the page's address calls the host itself. */
const HOST_TARGET = "host";

export async function openLabPage(options: LabPageOptions): Promise<LabPage> {
  const { note, userFolders } = options;
  const root = options.root ?? (await ensureRenderer(note));
  const desk = await createDesk({ userFolders, connect: options.connect, look: lookAtExperiment, nowMs: () => Date.now(), note });
  try {
    const experiment = await openFirst(desk, options);
    const router = createHostRouter({
      desk,
      userFolders,
      version: readVersion(),
      kind: "browser",
      experiment: () => experiment,
      resources: RESOURCES,
    });
    const token = makeToken();
    const fragment = `#host=${token}`;
    const once = createOnceAddress(fragment, () => Date.now());
    const server = await startOnPort(options.port, {
      root,
      grants: [{ token, role: "owner" }],
      serve: servantOf(desk, router, experiment, note),
      isTarget: (target) => target === HOST_TARGET || desk.known(target) !== undefined,
      alsoAllowedOrigins: options.devOrigin === undefined ? [] : [options.devOrigin],
      once,
    });
    note(hostWords.at(experiment?.folder));
    if ((await options.openBrowser?.(`${server.origin}/${once.fragment}`)) === false) note(hostWords.noBrowser);
    return {
      url: `${server.origin}/${fragment}`,
      folder: experiment?.folder ?? null,
      close: async () => {
        await server.close();
        await desk.close();
      },
    };
  } catch (thrown) {
    await desk.close();
    throw thrown;
  }
}

/** /rpc/host answers for the host, /rpc/KEY for the lab of a known experiment, /rpc for the one that was opened first. */
function servantOf(desk: Desk, router: HostRouter, first: OpenedExperiment | null, note: (sentence: string) => void): TargetServant {
  const serveHost = serveRouter(router);
  return (socket, role, target) => {
    if (target === HOST_TARGET) {
      serveHost(socket, role);
      return;
    }
    const key = target ?? first?.key;
    if (key === undefined) {
      socket.close(1011, hostWords.noneOpen);
      return;
    }
    socket.pause();
    desk.line(key).then(
      (line) => {
        socket.resume();
        line.serve(socket, role);
      },
      (thrown: unknown) => {
        note(thrown instanceof Error ? thrown.message : String(thrown));
        socket.close(1011, hostWords.cannotOpen);
      },
    );
  };
}

/** What a browser keeps for the page (a name, verdicts not sent yet) belongs to the port: the usual one finds it again. */
const USUAL_PORT = 6274;

async function startOnPort(port: number | undefined, options: Omit<HttpServerOptions, "port">): Promise<HttpServer> {
  if (port !== undefined) return await startHttpServer({ ...options, port });
  try {
    return await startHttpServer({ ...options, port: USUAL_PORT });
  } catch {
    return await startHttpServer({ ...options, port: 0 });
  }
}

/** The folder named, else the current one if it has an experiment, else the one that was open last, else none; says which. */
async function openFirst(desk: Desk, options: LabPageOptions): Promise<OpenedExperiment | null> {
  const { folder, currentFolder, userFolders, note } = options;
  if (folder !== undefined) return await openOrBegin(desk, folder, note);
  if (await hasExperiment(currentFolder)) return await desk.open(currentFolder);
  const [last] = await createRecentExperiments(userFolders).list();
  if (last !== undefined && (await hasExperiment(last.folder))) {
    note(hostWords.openingLast(last.folder));
    return await desk.open(last.folder);
  }
  note(hostWords.noneNamed);
  return null;
}
