/**
 * Fifty seeded kills across sampling, judging, training and evaluating, of the engine, the lab, or both. After each the
 * database's invariants hold and nothing acknowledged is gone; each run ends as one that nobody killed, to the bit.
 */
import { type ChildProcess, fork } from "node:child_process"; // eslint-disable-line no-restricted-syntax -- the test is the host of the hosts that it kills
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rng, rngFor } from "#app/base/random.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openLab } from "#main/lab/compose.ts";
import { type Connection, openDatabase, type Row } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { outcomeOf, writeLines } from "#tests/main/lab/support.ts";
import type { ChildMessage } from "#tests/support/lab-child.ts";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

const RUNS = 12;
const MIN_KILLS = 50;
const KILLS_A_RUN = 5;
const SEED = 20_261_124;

const CONFIG = {
  seed: 3,
  oracle: { kind: "targetLength", target: 8, noise: 0.1 },
  sampling: { responsesPerPrompt: 4, maxNewTokens: 24, temperature: 1, topP: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.2 },
  training: { batchSize: 4, microBatchSize: 2, epochs: 2, learningRate: 0.005, checkpointEverySteps: 1, adapter: { rank: 4, alpha: 8 } },
  evaluation: { temperature: 1, bootstrapSamples: 200 },
};

/** Everything that is acknowledged by a row, and the tables whose rows must then stay. */
const ACKNOWLEDGED = [
  "SELECT 'response' AS what, id, text, token_ids, logp FROM response",
  "SELECT 'ask' AS what, id, outcome AS text, raw_reply AS token_ids, NULL AS logp FROM ask WHERE outcome <> 'open'",
  "SELECT 'judgment' AS what, id, verdict AS text, NULL AS token_ids, NULL AS logp FROM judgment",
  "SELECT 'checkpoint' AS what, attempt_id || '/' || step AS id, artefact_hash AS text, NULL AS token_ids, NULL AS logp FROM training_checkpoint",
].join(" UNION ALL ");
const PROGRESS = `SELECT (SELECT count(*) FROM response) + (SELECT count(*) FROM ask WHERE outcome <> 'open') + 8 * (SELECT count(*) FROM training_checkpoint) AS done`;

const home = sharedTempFolder();
const cacheDir = join(home, "cache");
const template = join(home, "template");
let expected: ReturnType<typeof outcomeOf>;
let totalProgress = 0;

function readOnly<Result>(folder: string, read: (db: Connection) => Result): Result {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const progressOf = (db: Connection): number => Number(db.get(PROGRESS)?.["done"] ?? 0);

type Run = { readonly child: ChildProcess; readonly exited: Promise<void>; enginePid(): number | undefined; settled(): ChildMessage | undefined };

function startLab(folder: string): Run {
  // eslint-disable-next-line no-restricted-syntax -- as above
  const child = fork(join(import.meta.dirname, "..", "..", "support", "lab-child.ts"), [folder, cacheDir], {
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

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

const VICTIMS = ["engine", "lab", "both"] as const;
type Victim = (typeof VICTIMS)[number];

/** Kills the victim once the run's progress reaches `threshold`; false if the run ended before. */
async function killAt(run: Run, folder: string, threshold: number, victim: Victim, rng: Rng): Promise<boolean> {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    while (run.child.exitCode === null && run.child.signalCode === null) {
      if (progressOf(db) >= threshold && run.enginePid() !== undefined) {
        // Somewhere within the unit that follows.
        await new Promise((resolve) => setTimeout(resolve, rng.below(12)));
        if (victim !== "lab") kill(run.enginePid());
        if (victim !== "engine") kill(run.child.pid);
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return false;
  } finally {
    db.close();
  }
}

function acknowledged(folder: string): readonly Row[] {
  return readOnly(folder, (db) => db.all(ACKNOWLEDGED));
}

/** Resolves once more is acknowledged than before, or the run has ended. */
async function progressBeyond(run: Run, folder: string, before: readonly Row[]): Promise<void> {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    while (run.child.exitCode === null && run.child.signalCode === null && db.all(ACKNOWLEDGED).length <= before.length) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    db.close();
  }
}

function expectKept(folder: string, before: readonly Row[]): void {
  const now = new Map(acknowledged(folder).map((row) => [`${String(row["what"])}/${String(row["id"])}`, row]));
  for (const row of before) expect(now.get(`${String(row["what"])}/${String(row["id"])}`)).toEqual(row);
}

beforeAll(async () => {
  await writeTinyModel(join(home, "model"), { seed: 5 });
  const lab = await openLab({
    folder: template,
    processHost: createForkHost(),
    host: "cli",
    cacheDir,
    takenOverFrom: null,
    secrets: memorySecrets(),
  });
  const client = lab.client("owner");
  await client.experiments.create({ name: "Killed", config: experimentConfigSchema.parse(CONFIG) });
  await client.policies.add({ path: join(home, "model") });
  const rows = Array.from({ length: 22 }, (_, i) => ({
    prompt: `Question ${i} about ${"tea coffee bread rain".split(" ")[i % 4]}?`,
    split: i < 12 ? "training" : "validation",
  }));
  await client.experiments.importPrompts({ path: writeLines(home, "prompts.jsonl", rows), skipRejected: false });
  await lab.close();
  const whole = join(home, "whole");
  cpSync(template, whole, { recursive: true });
  const run = startLab(whole);
  await run.exited;
  expect(run.settled()).toMatchObject({ state: "done", error: null });
  expected = readOnly(whole, outcomeOf);
  totalProgress = readOnly(whole, progressOf);
}, 120_000);

/** Stage and victim of each kill that met a running lab. */
const kills: string[] = [];
afterAll(() => {
  expect(kills.length).toBeGreaterThanOrEqual(MIN_KILLS);
  for (const stage of ["sample", "judge", "train", "evaluate"])
    expect(kills.filter((kill) => kill.startsWith(stage)).length, stage).toBeGreaterThan(2);
  for (const victim of VICTIMS) expect(kills.filter((kill) => kill.endsWith(`/${victim}`)).length, victim).toBeGreaterThan(9);
});

function stageOf(folder: string): string {
  return readOnly(folder, (db) => String(db.get("SELECT stage FROM stage_attempt WHERE state = 'running'")?.["stage"] ?? "between"));
}

describe("a round killed again and again", () => {
  it("has something to kill at every stage", () => {
    expect(expected["metrics"]?.length).toBeGreaterThan(4);
    expect(expected["winRates"]).toHaveLength(1);
  });

  it.each(Array.from({ length: RUNS }, (_, i) => i))(
    "run %i ends as one that nobody killed",
    async (index) => {
      const rng = rngFor(SEED, "run", index);
      const folder = join(home, `run-${index}`);
      cpSync(template, folder, { recursive: true });
      // One kill in each fifth of the work, so that every stage is hit.
      const thresholds = Array.from({ length: KILLS_A_RUN }, (_, part) => Math.floor(((part + rng.next()) / KILLS_A_RUN) * totalProgress));
      const acknowledgedBefore: Row[] = [];
      let run = startLab(folder);
      for (const threshold of thresholds) {
        const victim = VICTIMS[rng.below(VICTIMS.length)] ?? "both";
        if (!(await killAt(run, folder, threshold, victim, rng))) break;
        kills.push(`${stageOf(folder)}/${victim}`);
        if (victim !== "engine") await run.exited;
        const before = acknowledged(folder);
        expect(readOnly(folder, findViolations)).toEqual([]);
        if (victim !== "engine") run = startLab(folder);
        // Read again when the next owner, or the next engine, has done a unit of work, and at the end.
        await progressBeyond(run, folder, before);
        expectKept(folder, before);
        acknowledgedBefore.push(...before);
      }
      await run.exited;
      expectKept(folder, acknowledgedBefore);
      expect(run.settled()).toMatchObject({ state: "done", error: null });
      expect(readOnly(folder, findViolations)).toEqual([]);
      // Responses, judgments, pairs, metrics and the policies' content hashes.
      expect(readOnly(folder, outcomeOf)).toEqual(expected);
    },
    120_000,
  );
});
