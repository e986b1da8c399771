/** The desk of a host: the labs that it has open, the experiments that it knows, and who answers which connection. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { LabClient } from "#app/contract/contract.ts";
import type { ExperimentCard } from "#app/contract/host.ts";
import { toLabError } from "#app/base/errors.ts";
import { hostWords } from "#app/text/host.ts";
import type { ExperimentLook } from "#main/lab/look.ts";
import type { Connection } from "./connect.ts";
import { hasExperiment, inFreshFolder, kindOf, requireExperimentFolder } from "./experiment-folder.ts";
import { FolderError } from "./folder-error.ts";
import { type Line, openLine } from "./line.ts";
import { createRecentExperiments, type Recent } from "./recent-experiments.ts";
import type { UserFolders } from "./user-folders.ts";

export type DeskOptions = {
  readonly userFolders: UserFolders;
  readonly connect: (folder: string) => Promise<Connection>;
  readonly look: (folder: string) => ExperimentLook;
  readonly nowMs: () => number;
  readonly note: (sentence: string) => void;
  /** Hears of every lab that is opened, once. */
  readonly onOpened?: (line: Line) => void;
};

export type OpenedExperiment = { readonly key: string; readonly folder: string };

export type Desk = {
  /** Opens the lab of a folder with an experiment. Throws FolderError if it has none or cannot be owned. */
  open(folder: string): Promise<OpenedExperiment>;
  /** Opens the lab of a new or empty folder and fills it; what fails leaves nothing. Throws FolderError if it has an experiment. */
  make(name: string, folder: string | undefined, fill: (client: LabClient) => Promise<void>): Promise<OpenedExperiment>;
  cards(): Promise<ExperimentCard[]>;
  forget(folder: string): Promise<Recent | undefined>;
  remember(recent: Recent): Promise<void>;
  /** The experiment of a key; undefined if this host knows none. */
  known(key: string): OpenedExperiment | undefined;
  /** The connection to a known experiment's lab, opened if it is not yet. */
  line(key: string): Promise<Line>;
  close(): Promise<void>;
};

export async function createDesk(options: DeskOptions): Promise<Desk> {
  const recents = createRecentExperiments(options.userFolders);
  const lines = new Map<string, Promise<Line>>();
  // Folders by their keys: those that were listed or opened, so that a page's address may only name these.
  const folderByKey = new Map((await recents.list()).map(({ folder }) => [keyOf(folder), folder]));

  const lineTo = async (folder: string): Promise<Line> => {
    const key = keyOf(folder);
    folderByKey.set(key, folder);
    let line = lines.get(key);
    if (line === undefined) {
      line = openLine(folder, options.connect, options.note).then((opened) => {
        options.onOpened?.(opened);
        return opened;
      });
      lines.set(key, line);
    }
    try {
      return await line;
    } catch (thrown) {
      lines.delete(key);
      throw thrown;
    }
  };
  const opened = async (folder: string): Promise<OpenedExperiment> => {
    await recents.note({ folder, openedAtMs: options.nowMs() });
    return { key: keyOf(folder), folder };
  };
  return {
    open: async (folder) => {
      await requireExperimentFolder(folder);
      await lineTo(folder);
      return await opened(folder);
    },
    make: async (name, wanted, fill) => {
      const folder = wanted ?? (await freeFolder(options.userFolders, name));
      if (await hasExperiment(folder)) throw new FolderError(hostWords.hasExperiment(folder), { folder });
      await inFreshFolder(folder, async () => {
        const line = await lineTo(folder);
        try {
          await fill(await line.client());
        } catch (thrown) {
          lines.delete(keyOf(folder));
          await line.undo();
          throw thrown;
        }
      });
      return await opened(folder);
    },
    cards: async () => {
      const known = await recents.list();
      for (const { folder } of known) folderByKey.set(keyOf(folder), folder);
      return await Promise.all(known.map(async (recent) => await cardOf(recent, lines.has(keyOf(recent.folder)), options.look)));
    },
    forget: async (folder) => await recents.forget(folder),
    remember: async (recent) => {
      await recents.note(recent);
    },
    known: (key) => {
      const folder = folderByKey.get(key);
      return folder === undefined ? undefined : { key, folder };
    },
    line: async (key) => {
      const folder = folderByKey.get(key);
      if (folder === undefined) throw new FolderError(hostWords.unknownKey(key), { key });
      await requireExperimentFolder(folder);
      return await lineTo(folder);
    },
    close: async () => {
      const open = await Promise.allSettled(lines.values());
      lines.clear();
      await Promise.all(open.map(async (line) => (line.status === "fulfilled" ? await line.value.close() : undefined)));
    },
  };
}

/** The name of a folder in addresses. */
export function keyOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 24);
}

const NOTHING = { name: "", policy: null, promptCount: 0, roundCount: 0, lastRound: null, best: null } satisfies ExperimentLook;

async function cardOf(recent: Recent, isOpen: boolean, look: (folder: string) => ExperimentLook): Promise<ExperimentCard> {
  const base = { key: keyOf(recent.folder), folder: recent.folder, openedAtMs: recent.openedAtMs, isOpen };
  const named = { ...NOTHING, name: recent.folder.split(/[/\\]/u).at(-1) ?? recent.folder };
  if (!(await hasExperiment(recent.folder))) return { ...base, ...named, problem: hostWords.folderGone };
  try {
    return { ...base, problem: null, ...look(recent.folder) };
  } catch (thrown) {
    return { ...base, ...named, problem: toLabError(thrown).message };
  }
}

/** A folder for a new experiment, named after it, that nothing is in yet. */
async function freeFolder(userFolders: UserFolders, name: string): Promise<string> {
  const slug =
    name
      .normalize("NFKD")
      // The marks over letters, which now stand behind them.
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/gu, "-")
      .replace(/^-+|-+$/gu, "")
      .slice(0, 48) || "experiment";
  for (let number = 1; ; number += 1) {
    const folder = join(userFolders.data, "experiments", number === 1 ? slug : `${slug}-${number}`);
    if ((await kindOf(folder)) === "nothing") return folder;
  }
}
