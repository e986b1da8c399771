/** How commands come to a lab: attached to the folder's owner, or opened in this process for as long as they work. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, connectLab } from "#main/host/connect.ts";
import { isOfflineByEnvironment } from "#main/host/offline.ts";
import { hasExperiment, kindOf, requireExperimentFolder } from "#main/host/experiment-folder.ts";
import { FolderError } from "#main/host/folder-error.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { createNodeSecrets } from "#main/host/secrets.ts";
import type { UserFolders } from "#main/host/user-folders.ts";
import type { OpenLab } from "#main/lab/lab.ts";
import type { Labs } from "./command.ts";
import { asSentence } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

type Env = Readonly<Record<string, string | undefined>>;
  const isOffline = isOfflineByEnvironment(env);

export function createLabs(openLab: OpenLab, userFolders: UserFolders, terminal: Terminal, host: "cli" | "http", env: Env): Labs {
  const connect = async (folder: string): Promise<Connection> =>
    await connectLab(
      folder,
      async (takenOverFrom) =>
        await openLab({
          folder,
          processHost: createForkHost(),
          host,
          cacheDir: userFolders.cache,
          takenOverFrom,
          secrets: createNodeSecrets(env),
          isOffline,
        }),
      { note: terminal.note, warn: terminal.warn, isOffline },
    );
  const useConnected = async <T>(folder: string, work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await connect(folder);
    try {
      const { newer } = await connection.client.settings.about();
      if (newer !== null) terminal.warn(asSentence(newer.sentence));
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  return {
    connect,
    use: async (folder, work) => {
      await requireExperimentFolder(folder);
      return await useConnected(folder, work);
    },
    useFresh: async (folder, work) => {
      if (await hasExperiment(folder)) {
        throw new FolderError(`there is an experiment in ${folder} already; name another folder.`, { folder });
      }
      return await undoneOnFailure(folder, async () => await useConnected(folder, work));
    },
  };
}

/** Makes the folder if it is not there; if the work fails, what it left there is taken away again. */
async function undoneOnFailure<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const kind = await kindOf(folder);
  if (kind === "file") throw new FolderError(`expected a folder, got the file ${folder}.`, { folder });
  const before = kind === "folder" ? new Set(await readdir(folder)) : undefined;
  const firstMade = await makeFolder(folder);
  try {
    return await work();
  } catch (thrown) {
    if (firstMade !== undefined) await rm(firstMade, { recursive: true, force: true });
    else {
      const added = (await readdir(folder)).filter((name) => before?.has(name) === false);
      await Promise.all(
        added.map(async (name) => {
          await rm(join(folder, name), { recursive: true, force: true });
        }),
      );
    }
    throw thrown;
  }
}

/** The topmost folder that had to be made; undefined if all were there. */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FolderError(`the folder ${folder} cannot be made: ${reason}.`, { folder }, { cause });
  }
}
