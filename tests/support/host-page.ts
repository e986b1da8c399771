/** The page as `nashlab open` serves it: a host with real labs, in folders of its own, without a browser of the user's. */
import { join } from "node:path";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { connectLab } from "#main/host/connect.ts";
import { createForkHost } from "#main/host/process-host.ts";
import type { UserFolders } from "#main/host/user-folders.ts";
import { type LabPage, openLabPage } from "#main/http/lab-page.ts";
import { openLab } from "#main/lab/compose.ts";

export type HostPage = LabPage & {
  readonly home: string;
  readonly userFolders: UserFolders;
  /** What the host said on its terminal. */
  readonly notes: readonly string[];
  /** The address that a browser would have been started with. */
  readonly onceUrl: string;
};

/** `home`: everything of the user's lies below it. `root`: the built page. */
export async function openHostPage(home: string, root: string, folder?: string): Promise<HostPage> {
  const userFolders = { cache: join(home, "cache"), config: join(home, "config"), data: join(home, "data") };
  const notes: string[] = [];
  let onceUrl = "";
  const note = (sentence: string): void => {
    notes.push(sentence);
  };
  const page = await openLabPage({
    folder,
    currentFolder: home,
    port: 0,
    userFolders,
    connect: async (experiment) =>
      await connectLab(
        experiment,
        async (takenOverFrom) =>
          await openLab({
            folder: experiment,
            processHost: createForkHost(),
            host: "http",
            cacheDir: userFolders.cache,
            takenOverFrom,
            secrets: memorySecrets(),
          }),
        { note, warn: note },
      ),
    devOrigin: undefined,
    openBrowser: async (url) => {
      onceUrl = url;
      return await Promise.resolve(true);
    },
    note,
    root,
  });
  return { ...page, home, userFolders, notes, onceUrl };
}
