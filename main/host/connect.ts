/** Comes to a lab in a folder: attaches to the living owner, or owns the folder and opens the lab here. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Role } from "#app/contract/base.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { hostWords } from "#app/text/host.ts";
import type { Lab } from "#main/lab/lab.ts";
import { hasExperiment, noteContents } from "./experiment-folder.ts";
import { FolderError } from "./folder-error.ts";
import { ownFolder, type OwnedFolder } from "./folder-lock.ts";
import type { LabFile } from "./lab-file.ts";
import { connectLocally, dialLocally, serveLocally } from "./local-server.ts";
import { forwardPorts, type PortServant, servePorts } from "./rpc-ports.ts";
import { forwardSockets, serveLab, type SocketServant } from "./rpc-sockets.ts";
import { grantsOfFolder, tokenForRole } from "./tokens.ts";

export type Connection = {
  readonly client: LabClient;
  /** Whether this process owns the folder. */
  readonly isOwner: boolean;
  readonly ownerPid: number;
  /** Answers further connections with the same lab. */
  readonly serve: SocketServant;
  /** The same for the ports of windows. */
  readonly servePort: PortServant;
  /** Resolves when the lab is gone: closed here, or its process ended. */
  readonly closed: Promise<void>;
  /** Lets the lab go. An owner first pauses what runs and then gives the folder free. */
  close(): Promise<void>;
  /**
   * The same, and takes away what the lab has made in a folder that had no experiment when this process came to own it.
   * What another process owns, or owned in between, stays.
   */
  undo(): Promise<void>;
};

export type ConnectOptions = {
  /** News: which of the two it was. */
  readonly note: (sentence: string) => void;
  /** What must be heard: a dead owner's folder was taken over. */
  readonly warn: (sentence: string) => void;
  /** How long an owner that holds the folder may be silent while it starts or ends. */
  readonly patienceMs?: number;
  /** Nothing may leave this machine: an owner that is online is not asked for anything. */
  readonly isOffline?: boolean;
};

const PATIENCE_MS = 15_000;
const RETRY_MS = 100;
/** So long an owner is waited for before it is said that it is waited for. */
const ATTEMPT_MS = 2000;

/**
 * `open` is called if this process comes to own the folder; it is told whose lock was taken over. Throws FolderError if
 * the folder cannot be owned and its owner does not answer.
 */
export async function connectLab(folder: string, open: (takenOverFrom: number | null) => Promise<Lab>, options: ConnectOptions): Promise<Connection> {
  const deadlineMs = Date.now() + (options.patienceMs ?? PATIENCE_MS);
  let isWaiting = false;
  for (;;) {
    const ownership = await ownFolder(folder);
    if (ownership.kind === "owned") return await openHere(folder, ownership, open, options);
    const attemptMs = Math.max(RETRY_MS, Math.min(ATTEMPT_MS, deadlineMs - Date.now()));
    const attached = await attach(folder, ownership.lab, options, attemptMs);
    if (attached !== undefined) return attached;
    const pid = ownership.lab === null ? hostWords.anotherProcess : hostWords.process(ownership.lab.pid);
    if (Date.now() >= deadlineMs) {
      throw new FolderError(hostWords.ownerSilent(pid, folder), { folder });
    }
    if (!isWaiting) options.note(hostWords.waiting(pid, folder));
    isWaiting = true;
    await sleep(RETRY_MS);
  }
}

/**
 * A client of the living owner; undefined while it does not answer (it starts, or ends, is stopped, or has just died).
 * Throws FolderError for an owner that may reach out where this process may not.
 */
async function attach(folder: string, lab: LabFile | null, options: ConnectOptions, patienceMs: number): Promise<Connection | undefined> {
  if (lab === null) return undefined;
  const { socketPath, token, pid } = lab;
  const local = await connectLocally(socketPath, token, patienceMs).catch(() => undefined);
  if (local === undefined) return undefined;
  const close = async (): Promise<void> => {
    local.close();
    await local.closed;
  };
  if (options.isOffline === true) {
    const network = await local.client.settings.network().catch(() => undefined);
    if (network?.isOffline !== true) await close();
    if (network === undefined) return undefined;
    if (!network.isOffline) throw new FolderError(hostWords.ownerOnline(pid, folder), { folder });
  }
  options.note(hostWords.attached(pid, folder));
  const dial = (role: Role): ReturnType<typeof dialLocally> => dialLocally(socketPath, tokenForRole(token, role), PATIENCE_MS);
  return {
    client: local.client,
    isOwner: false,
    ownerPid: pid,
    serve: forwardSockets(dial),
    servePort: forwardPorts(dial),
    closed: local.closed,
    close,
    undo: close,
  };
}

async function openHere(
  folder: string,
  owned: OwnedFolder,
  open: (takenOverFrom: number | null) => Promise<Lab>,
  options: ConnectOptions,
): Promise<Connection> {
  if (owned.takenOverFrom !== null) {
    options.warn(hostWords.takenOver(owned.takenOverFrom, folder));
  }
  let isFresh = false;
  let isUndone = false;
  // What was begun is undone in reverse, when it fails as when it ends.
  const endings: (() => Promise<void>)[] = [
    async () => {
      await owned.release(isUndone);
    },
  ];
  const end = async (): Promise<void> => {
    for (const ending of endings.splice(0).reverse()) await ending();
  };
  const undo = async (): Promise<void> => {
    isUndone = isFresh;
    await end();
  };
  try {
    isFresh = !(await hasExperiment(folder));
    const takeAway = await noteContents(folder);
    endings.push(async () => {
      if (isUndone) await takeAway();
    });
    const lab = await open(owned.takenOverFrom);
    endings.push(async () => {
      await lab.close();
    });
    const serve = serveLab(lab.router);
    const { socketPath, token } = owned.lab;
    const server = await serveLocally(socketPath, grantsOfFolder(token), serve);
    endings.push(async () => {
      await server.close();
    });
    options.note(hostWords.opened(folder));
    const { promise: closed, resolve: sayClosed } = Promise.withResolvers<void>();
    return {
      client: lab.client("owner"),
      isOwner: true,
      ownerPid: process.pid,
      serve,
      servePort: servePorts(lab.router),
      closed,
      close: async () => {
        await end();
        sayClosed();
      },
      undo: async () => {
        await undo();
        sayClosed();
      },
    };
  } catch (thrown) {
    await undo();
    throw thrown;
  }
}
