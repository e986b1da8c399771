/**
 * Fifty seeded kills across sampling, judging, training and evaluating, of the engine, the lab, or both. After each the
 * database's invariants hold and nothing acknowledged is gone; each run ends as one that nobody killed, to the bit.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rng, rngFor } from "#app/base/random.ts";
import type { Connection, Row } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { outcomeOf } from "#tests/main/lab/support.ts";
import { acknowledged, expectKept, kill, makeTemplate, progressBeyond, readOnly, type Run, seen, startLab } from "#tests/support/killed-lab.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

const RUNS = 12;
const MIN_KILLS = 50;
/** Where each run is killed, in this order. */
const KILLED = ["sample", "judge", "train", "train", "evaluate"] as const;
const SEED = 20_261_124;

const CONFIG = {
  seed: 3,
  oracle: { kind: "targetLength", target: 8, noise: 0.1 },
  sampling: { responsesPerPrompt: 4, maxNewTokens: 24, temperature: 1, topP: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.2 },
  training: { batchSize: 4, microBatchSize: 2, epochs: 2, learningRate: 0.005, checkpointEverySteps: 1, adapter: { rank: 4, alpha: 8 } },
  evaluation: { temperature: 1, bootstrapSamples: 200 },
};

const PROGRESS = `SELECT (SELECT count(*) FROM response) + (SELECT count(*) FROM ask WHERE outcome <> 'open') + 8 * (SELECT count(*) FROM training_checkpoint) AS done`;

/** The same of one stage. */
const PROGRESS_OF_STAGE = `WITH run AS (SELECT id FROM stage_attempt WHERE stage = $stage) SELECT (SELECT count(*) FROM response WHERE attempt_id IN run)
  + (SELECT count(*) FROM ask WHERE attempt_id IN run AND outcome <> 'open') + 8 * (SELECT count(*) FROM training_checkpoint WHERE attempt_id IN run) AS done`;

const home = sharedTempFolder();
const cacheDir = join(home, "cache");
const template = join(home, "template");
let expected: ReturnType<typeof outcomeOf>;
/** Of a run that nobody killed. */
let progressByStage: ReadonlyMap<(typeof KILLED)[number], number>;

const progressOf = (db: Connection): number => Number(db.get(PROGRESS)?.["done"] ?? 0);

const VICTIMS = ["engine", "lab", "both"] as const;
type Victim = (typeof VICTIMS)[number];

/** Kills the victim once the run's progress reaches `threshold`; false if the run ended before. */
async function killAt(run: Run, folder: string, threshold: number, victim: Victim, rng: Rng): Promise<boolean> {
  if (!(await seen(run, folder, (db) => progressOf(db) >= threshold && run.enginePid() !== undefined))) return false;
  // Somewhere within the unit that follows.
  await new Promise((resolve) => setTimeout(resolve, rng.below(12)));
  if (victim !== "lab") kill(run.enginePid());
  if (victim !== "engine") kill(run.child.pid);
  return true;
}

beforeAll(async () => {
  await makeTemplate({ home, folder: template, cacheDir, config: CONFIG });
  const whole = join(home, "whole");
  cpSync(template, whole, { recursive: true });
  const run = startLab(whole, cacheDir);
  await run.exited;
  expect(run.settled()).toMatchObject({ state: "done", error: null });
  expected = readOnly(whole, outcomeOf);
  progressByStage = readOnly(whole, (db) => new Map(KILLED.map((stage) => [stage, Number(db.get(PROGRESS_OF_STAGE, { stage })?.["done"] ?? 0)])));
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

/** In the first three quarters of a stage's share of the work, as what follows may be over before the kill comes. */
function thresholdsOf(rng: Rng): number[] {
  const shareOf = (stage: (typeof KILLED)[number]): number => (progressByStage.get(stage) ?? 0) / KILLED.filter((one) => one === stage).length;
  return KILLED.map((stage, i) => {
    const before = KILLED.slice(0, i).reduce((sum, one) => sum + shareOf(one), 0);
    return 1 + Math.floor(before + 0.75 * rng.next() * shareOf(stage));
  });
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
      const thresholds = thresholdsOf(rng);
      const acknowledgedBefore: Row[] = [];
      let run = startLab(folder, cacheDir);
      for (const threshold of thresholds) {
        const victim = VICTIMS[rng.below(VICTIMS.length)] ?? "both";
        if (!(await killAt(run, folder, threshold, victim, rng))) break;
        kills.push(`${stageOf(folder)}/${victim}`);
        if (victim !== "engine") await run.exited;
        const before = acknowledged(folder);
        expect(readOnly(folder, findViolations)).toEqual([]);
        if (victim !== "engine") run = startLab(folder, cacheDir);
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
