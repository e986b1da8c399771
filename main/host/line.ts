/** A connection to the lab of a folder that outlives the folder's owner: it finds the next one, this process if need be. */
import type { Role } from "#app/contract/base.ts";
import { hostWords } from "#app/text/host.ts";
import type { Connection } from "./connect.ts";
import { FolderError } from "./folder-error.ts";
import type { SocketServant } from "./rpc-sockets.ts";
import type { PortServant } from "./rpc-ports.ts";

export type Line = {
  readonly folder: string;
  /** Throws FolderError once the line is closed. */
  client(): Promise<Connection["client"]>;
  isClosed(): boolean;
  /** A page's socket; closed if no lab can be had. */
  readonly serve: SocketServant;
  /** A window's port; closed if no lab can be had. */
  readonly servePort: PortServant;
  close(): Promise<void>;
  /** The same, and what this process began in the folder is gone with it; see `Connection.undo`. */
  undo(): Promise<void>;
};

/** Resolves when there is a lab. Throws FolderError if none can be had. `note` hears why a later page was not served. */
export async function openLine(folder: string, connectTo: (folder: string) => Promise<Connection>, note: (sentence: string) => void): Promise<Line> {
  let current: Promise<Connection> | undefined;
  let isClosed = false;
  const connect = async (): Promise<Connection> => {
    // A closed line would own the folder again.
    if (isClosed) throw new FolderError(hostWords.lineClosed(folder), { folder });
    current ??= connectTo(folder).then((connection) => {
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
  const say = (thrown: unknown): void => {
    note(thrown instanceof Error ? thrown.message : String(thrown));
  };
  const end = async (how: "close" | "undo"): Promise<void> => {
    isClosed = true;
    await (await current?.catch(() => undefined))?.[how]();
  };
  await connect();
  return {
    folder,
    isClosed: () => isClosed,
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
          say(thrown);
          socket.close(1011, hostWords.cannotOpen);
        },
      );
    },
    servePort: (port, role: Role) => {
      if (isClosed) {
        port.close();
        return;
      }
      // A port holds its messages until somebody starts it.
      connect().then(
        (connection) => {
          connection.servePort(port, role);
        },
        (thrown: unknown) => {
          say(thrown);
          port.close();
        },
      );
    },
    close: async () => {
      await end("close");
    },
    undo: async () => {
      await end("undo");
    },
  };
}
