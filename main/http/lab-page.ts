/** `nashlab open`: chooses the folder, keeps a connection to its lab, serves the page and opens it. */
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import type { Role } from "#app/contract/base.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { Connection } from "#main/host/connect.ts";
import { hasExperiment, kindOf } from "#main/host/experiment-folder.ts";
import { FolderError } from "#main/host/folder-error.ts";
import { openBrowser } from "#main/host/open-browser.ts";
import type { SocketServant } from "#main/host/rpc-sockets.ts";
import { makeToken } from "#main/host/tokens.ts";
import { readLastFolder, type UserFolders, writeLastFolder } from "#main/host/user-folders.ts";
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
  readonly isBrowserWanted: boolean;
  readonly note: (sentence: string) => void;
  /** Where the built page lies; it is built if this is not given. */
  readonly root?: string;
};

export type LabPage = {
  /** With the token in the fragment, which browsers do not send anywhere. */
  readonly url: string;
  readonly folder: string;
  close(): Promise<void>;
};

export async function openLabPage(options: LabPageOptions): Promise<LabPage> {
  const root = options.root ?? (await ensureRenderer(options.note));
  const folder = await chooseFolder(options);
  const line = await openLine(folder, options);
  try {
    await beginExperiment(folder, line.client, options.note);
    const token = makeToken();
    const server = await startOnPort(options.port, {
      root,
      grants: [{ token, role: "owner" }],
      serve: line.serve,
      alsoAllowedOrigins: options.devOrigin === undefined ? [] : [options.devOrigin],
    });
    await writeLastFolder(options.userFolders, folder);
    const url = `${server.origin}/#token=${token}`;
    options.note(`The lab of ${folder} is at the address below; the token in it is the key. Ctrl-C ends it.`);
    if (options.isBrowserWanted && !(await openBrowser(url))) {
      options.note("No program to open a browser was found. Open the address by hand.");
    }
    return {
      url,
      folder,
      close: async () => {
        await server.close();
        await line.close();
      },
    };
  } catch (thrown) {
    await line.close();
    throw thrown;
  }
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

/** The folder named, else the current one if it has an experiment, else the last one, else a new one; says which. */
async function chooseFolder(options: LabPageOptions): Promise<string> {
  const { folder, currentFolder, userFolders, note } = options;
  if (folder !== undefined) {
    if ((await kindOf(folder)) === "file") throw new FolderError(`expected a folder, got the file ${folder}.`, { folder });
    return folder;
  }
  if (await hasExperiment(currentFolder)) return currentFolder;
  const last = await readLastFolder(userFolders);
  if (last !== undefined && (await hasExperiment(last))) {
    note(`Opening the experiment that was open last: ${last}.`);
    return last;
  }
  const fresh = join(userFolders.data, "experiments", "first");
  note(`No experiment was named. Using ${fresh}.`);
  return fresh;
}

type Line = {
  readonly client: () => Promise<Connection["client"]>;
  readonly serve: SocketServant;
  close(): Promise<void>;
};

/**
 * A connection that outlives the folder's owner: if that was another process and ends, the next page that connects is
 * answered by the next owner, this process if there is no other.
 */
async function openLine(folder: string, options: LabPageOptions): Promise<Line> {
  await mkdir(folder, { recursive: true });
  let current: Promise<Connection> | undefined;
  let isClosed = false;
  const connect = async (): Promise<Connection> => {
    current ??= options.connect(folder).then((connection) => {
      void connection.closed.then(() => {
        current = undefined;
      });
      return connection;
    });
    try {
      return await current;
    } catch (thrown) {
      current = undefined;
      throw thrown;
    }
  };
  await connect();
  return {
    client: async () => (await connect()).client,
    serve: (socket, role: Role) => {
      if (isClosed) {
        socket.close(1001);
        return;
      }
      // What the page sends before there is a lab to answer waits in the socket.
      socket.pause();
      connect().then(
        (connection) => {
          connection.serve(socket, role);
          socket.resume();
        },
        (thrown: unknown) => {
          options.note(thrown instanceof Error ? thrown.message : String(thrown));
          socket.close(1011, "the lab cannot be opened");
        },
      );
    },
    close: async () => {
      isClosed = true;
      await (await current?.catch(() => undefined))?.close();
    },
  };
}

/** A folder without an experiment gets one with the usual settings, so that the page has something to show. */
async function beginExperiment(folder: string, client: Line["client"], note: (sentence: string) => void): Promise<void> {
  const { experiments } = await client();
  if ((await experiments.get()) !== null) return;
  await experiments.create({ name: "First experiment", config: experimentConfigSchema.parse({}) });
  note(`Made a new experiment there, with people as the oracle. Give it a policy and prompts:`);
  note(`  nashlab policy add PATH -C ${folder}`);
  note(`  nashlab prompts import FILE -C ${folder}`);
}
