/** How commands come to a lab: attached to the folder's owner, or opened in this process for as long as they work. */
import { type Connection, connectLab } from "#main/host/connect.ts";
import { hasExperiment, inFreshFolder, requireExperimentFolder } from "#main/host/experiment-folder.ts";
import { FolderError } from "#main/host/folder-error.ts";
import { isOfflineByEnvironment } from "#main/host/offline.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { createNodeSecrets } from "#main/host/secrets.ts";
import type { UserFolders } from "#main/host/user-folders.ts";
import type { OpenLab } from "#main/lab/lab.ts";
import type { Labs } from "./command.ts";
import { asSentence } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

type Env = Readonly<Record<string, string | undefined>>;

export function createLabs(openLab: OpenLab, userFolders: UserFolders, terminal: Terminal, host: "cli" | "http", env: Env): Labs {
  const isOffline = isOfflineByEnvironment(env);
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
  const useConnected = async <T>(folder: string, work: (connection: Connection) => Promise<T>, onFailure: "close" | "undo"): Promise<T> => {
    const connection = await connect(folder);
    let how = onFailure;
    try {
      const { newer } = await connection.client.settings.about();
      if (newer !== null) terminal.warn(asSentence(newer.sentence));
      const result = await work(connection);
      how = "close";
      return result;
    } finally {
      await connection[how]();
    }
  };
  return {
    connect,
    use: async (folder, work) => {
      await requireExperimentFolder(folder);
      return await useConnected(folder, work, "close");
    },
    useFresh: async (folder, work) => {
      if (await hasExperiment(folder)) {
        throw new FolderError(`there is an experiment in ${folder} already; name another folder.`, { folder });
      }
      return await inFreshFolder(folder, async () => await useConnected(folder, work, "undo"));
    },
  };
}
