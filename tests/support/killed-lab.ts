/** Labs in processes of their own that tests kill: started, looked at from outside, and held to what they had acknowledged. */
import { type ChildProcess, fork } from "node:child_process"; // eslint-disable-line no-restricted-syntax -- tests are the hosts of the hosts that they kill
import { join } from "node:path";
import { expect } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openLab } from "#main/lab/compose.ts";
import { type Connection, openDatabase, type Row } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { writeLines } from "#tests/main/lab/support.ts";
import type { ChildMessage } from "./lab-child.ts";
import { memorySecrets } from "./memory-secrets.ts";

/** Everything that is acknowledged by a row, and the tables whose rows must then stay. */
const ACKNOWLEDGED = [
  "SELECT 'response' AS what, id, text, token_ids, logp FROM response",
  "SELECT 'ask' AS what, id, outcome AS text, raw_reply AS token_ids, NULL AS logp FROM ask WHERE outcome <> 'open'",
  "SELECT 'judgment' AS what, id, verdict AS text, NULL AS token_ids, NULL AS logp FROM judgment",
  "SELECT 'checkpoint' AS what, attempt_id || '/' || step AS id, artefact_hash AS text, NULL AS token_ids, NULL AS logp FROM training_checkpoint",
].join(" UNION ALL ");

export type Template = {
  readonly home: string;
  readonly folder: string;
  readonly cacheDir: string;
  readonly config: Readonly<Record<string, unknown>>;
};

/** An experiment on the tiny model with 12 training prompts and 10 held-out ones; nothing of it has been run. */
export async function makeTemplate({ home, folder, cacheDir, config }: Template): Promise<void> {
  await writeTinyModel(join(home, "model"), { seed: 5 });
  const lab = await openLab({ folder, processHost: createForkHost(), host: "cli", cacheDir, takenOverFrom: null, secrets: memorySecrets() });
  const client = lab.client("owner");
  await client.experiments.create({ name: "Killed", config: experimentConfigSchema.parse(config) });
  await client.policies.add({ path: join(home, "model") });
  const rows = Array.from({ length: 22 }, (_, i) => ({
    prompt: `Question ${i} about ${"tea coffee bread rain".split(" ")[i % 4]}?`,
    split: i < 12 ? "training" : "validation",
  }));
  await client.experiments.importPrompts({ path: writeLines(home, "prompts.jsonl", rows), skipRejected: false });
  await lab.close();
}

export type Run = {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  enginePid(): number | undefined;
  settled(): ChildMessage | undefined;
};

/** A process that runs so many rounds of the folder to their end, or goes on with them. */
export function startLab(folder: string, cacheDir: string, rounds = 1): Run {
  // eslint-disable-next-line no-restricted-syntax -- as above
  const child = fork(join(import.meta.dirname, "lab-child.ts"), [folder, cacheDir, String(rounds)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let pid: number | undefined;
  let settled: ChildMessage | undefined;
  child.on("message", (message: ChildMessage) => {
    if (message.kind === "engine") pid = message.pid;
    else settled = message;
  });
  return { child, exited: new Promise((resolve) => child.once("exit", () => resolve())), enginePid: () => pid, settled: () => settled };
}

export function isRunning({ child }: Run): boolean {
  return child.exitCode === null && child.signalCode === null;
}

export function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

export function readOnly<Result>(folder: string, read: (db: Connection) => Result): Result {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Resolves to true once the database says so, to false if the run ended before. */
export async function seen(run: Run, folder: string, says: (db: Connection) => boolean): Promise<boolean> {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    while (isRunning(run)) {
      if (says(db)) return true;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return false;
  } finally {
    db.close();
  }
}

export function acknowledged(folder: string): readonly Row[] {
  return readOnly(folder, (db) => db.all(ACKNOWLEDGED));
}

/** Resolves once more is acknowledged than before, or the run has ended. */
export async function progressBeyond(run: Run, folder: string, before: readonly Row[]): Promise<void> {
  await seen(run, folder, (db) => db.all(ACKNOWLEDGED).length > before.length);
}

export function expectKept(folder: string, before: readonly Row[]): void {
  const now = new Map(acknowledged(folder).map((row) => [`${String(row["what"])}/${String(row["id"])}`, row]));
  for (const row of before) expect(now.get(`${String(row["what"])}/${String(row["id"])}`)).toEqual(row);
}
