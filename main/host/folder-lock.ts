/** One owner a folder: an OS lock that the system gives free when its process ends, however it ends. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { hostWords } from "#app/text/host.ts";
import { FolderError } from "./folder-error.ts";
import { type LabFile, readLabFile, removeLabFile, writeLabFile } from "./lab-file.ts";

export type OwnedFolder = {
  readonly kind: "owned";
  readonly lab: LabFile;
  /** The process that owned the folder before and ended without letting it go; null if it was free. */
  readonly takenOverFrom: number | null;
  /** `leavesNothing`: of a folder that has come to be none of the lab's. */
  release(leavesNothing?: boolean): Promise<void>;
};

/** Somebody else owns it; `lab` is null for the moment in which that owner has not said where it is. */
export type ForeignFolder = { readonly kind: "foreign"; readonly lab: LabFile | null };

const LOCK = "lab.lock";

/** Magic numbers of statfs(2) for file systems on which neither locks nor SQLite's WAL can be trusted. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9P"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
]);

/**
 * Takes the folder, or says who has it. The lock is an SQLite file of its own, held in an exclusive transaction: the
 * operating system's file lock behind it ends with the process, kill -9 included.
 * @throws FolderError on a network drive, and where the folder cannot be written.
 */
export function ownFolder(folder: string): Promise<OwnedFolder | ForeignFolder> {
  // Nothing here waits; the promise leaves room for locks that do.
  return Promise.resolve().then(() => {
    refuseNetworkDrive(folder);
    try {
      return takeFolder(folder);
    } catch (cause) {
      throw notWritable(folder, cause);
    }
  });
}

/** What the file system and SQLite say of a folder of somebody else, a read-only or a full disk. */
function notWritable(folder: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !("code" in cause)) return cause;
  const isOfFiles = /^(E[A-Z]+|SQLITE_(READONLY|CANTOPEN|FULL|IOERR|PERM).*)$/u.test(String(cause.code));
  return isOfFiles ? new FolderError(hostWords.notWritable(folder, cause.message), { folder }, { cause }) : cause;
}

function takeFolder(folder: string): OwnedFolder | ForeignFolder {
  const lock = takeLock(join(folder, LOCK));
  if (lock === undefined) return { kind: "foreign", lab: readLabFile(folder) };
  const takenOverFrom = readLabFile(folder)?.pid ?? null;
  try {
    return own(folder, lock, takenOverFrom);
  } catch (thrown) {
    lock.close();
    throw thrown;
  }
}

/** Says where the owner is to be found. */
function own(folder: string, lock: Database.Database, takenOverFrom: number | null): OwnedFolder {
  const lab: LabFile = {
    pid: process.pid,
    bootId: bootId(),
    socketPath: socketPathOf(folder),
    token: randomBytes(32).toString("hex"),
    startedAtMs: Date.now(),
  };
  if (process.platform !== "win32") rmSync(lab.socketPath, { force: true });
  writeLabFile(folder, lab);
  return {
    kind: "owned",
    lab,
    takenOverFrom,
    release: (leavesNothing = false) => {
      removeLabFile(folder);
      lock.close();
      if (leavesNothing) rmSync(join(folder, LOCK), { force: true });
      return Promise.resolve();
    },
  };
}

function takeLock(path: string): Database.Database | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    // With WAL a reader would not be shut out; the plain journal's exclusive lock shuts all out.
    database.pragma("journal_mode = DELETE");
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (thrown) {
    database.close();
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith("SQLITE_BUSY")) return undefined;
    throw thrown;
  }
}

function refuseNetworkDrive(folder: string): void {
  const name = NETWORK_FILE_SYSTEMS.get(statfsSync(folder).type >>> 0);
  if (name === undefined) return;
  throw new FolderError(hostWords.networkDrive(folder, name), {
    folder,
  });
}

/** A Unix socket's path may have about 100 bytes, so it lies in a private folder of its own under a hashed name. */
function socketPathOf(folder: string): string {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\nashlab-${name}`;
  const home = join(process.env["XDG_RUNTIME_DIR"] ?? tmpdir(), `nashlab-${process.getuid?.() ?? 0}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  return join(home, `${name}.sock`);
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}
