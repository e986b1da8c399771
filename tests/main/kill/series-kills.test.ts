/**
 * Three rounds on one request whose lab process is killed at every stage of one round or another, and between two rounds:
 * the request goes on, and the database ends as that of a lab which nobody killed.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Stage } from "#app/domain/round.ts";
import type { Connection, Row } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { openSeries } from "#main/store/queries/round-series.ts";
import { outcomeOf } from "#tests/main/lab/support.ts";
import { acknowledged, expectKept, kill, makeTemplate, readOnly, seen, startLab } from "#tests/support/killed-lab.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

const ROUNDS = 3;
const MAX_TRIES = 20;

const CONFIG = {
  seed: 11,
  oracle: { kind: "targetLength", target: 8, noise: 0.1 },
  sampling: { responsesPerPrompt: 4, maxNewTokens: 16, temperature: 1, topP: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.2 },
  // Pairs of earlier rounds are drawn again, so that a round reads more than the one before it.
  replay: { share: 0.25 },
  training: { batchSize: 4, microBatchSize: 2, learningRate: 0.005, checkpointEverySteps: 1, adapter: { rank: 4, alpha: 8 } },
  evaluation: { temperature: 1, bootstrapSamples: 200 },
};

const home = sharedTempFolder();
const cacheDir = join(home, "cache");
const template = join(home, "template");
let expected: ReturnType<typeof stateOf>;

/** What came of the rounds, their numbers, and whether the request is still open. */
function stateOf(db: Connection): object {
  return { ...outcomeOf(db), rounds: db.all("SELECT number FROM round ORDER BY number"), series: openSeries(db) };
}

/** Units that each stage of a round has done in its live attempt while it runs. */
const UNITS: Readonly<Partial<Record<Stage, string>>> = {
  sample: "SELECT count(*) AS n FROM response WHERE attempt_id = $attempt",
  judge: "SELECT count(*) AS n FROM ask WHERE attempt_id = $attempt AND outcome <> 'open'",
  train: "SELECT count(*) AS n FROM training_checkpoint WHERE attempt_id = $attempt",
  evaluate: "SELECT count(*) AS n FROM response WHERE attempt_id = $attempt",
};

type Place = readonly [round: number, stage: Stage];

function isInside(db: Connection, [round, stage]: Place): boolean {
  const attempt = db.get(
    "SELECT a.id FROM current_attempt a JOIN round r ON r.id = a.round_id WHERE r.number = $round AND a.stage = $stage AND a.state = 'running'",
    { round, stage },
  );
  return attempt !== undefined && Number(db.get(UNITS[stage] ?? "", { attempt: String(attempt["id"]) })?.["n"]) > 0;
}

/** The first round is done, the second is not begun. */
function isBetween(db: Connection): boolean {
  const row = db.get(
    `SELECT (SELECT count(*) FROM round) AS rounds, (SELECT count(*) FROM current_attempt WHERE stage = 'evaluate' AND state = 'done') AS done`,
  );
  return row?.["rounds"] === 1 && row["done"] === 1;
}

/**
 * A copy of the folder whose lab was killed where the database says so. Nothing holds a lab there: it is killed as soon
 * as it is seen there, until it was there in truth.
 */
async function killedWhere(from: string, name: string, says: (db: Connection) => boolean): Promise<string> {
  for (let turn = 1; turn <= MAX_TRIES; turn++) {
    const folder = join(home, `${name}-${turn}`);
    cpSync(from, folder, { recursive: true });
    const run = startLab(folder, cacheDir, ROUNDS);
    await seen(run, folder, says);
    kill(run.child.pid);
    await run.exited;
    if (readOnly(folder, says)) return folder;
  }
  return expect.fail(`in ${MAX_TRIES} runs no kill came at ${name}`);
}

async function expectGoesOn(folder: string, before: readonly Row[]): Promise<void> {
  const run = startLab(folder, cacheDir, ROUNDS);
  await run.exited;
  expect(run.settled()).toMatchObject({ state: "done", error: null });
  expect(readOnly(folder, findViolations)).toEqual([]);
  expectKept(folder, before);
  expect(readOnly(folder, stateOf)).toEqual(expected);
}

beforeAll(async () => {
  await makeTemplate({ home, folder: template, cacheDir, config: CONFIG });
  const whole = join(home, "whole");
  cpSync(template, whole, { recursive: true });
  const run = startLab(whole, cacheDir, ROUNDS);
  await run.exited;
  expect(run.settled()).toMatchObject({ state: "done", error: null });
  expected = readOnly(whole, stateOf);
}, 120_000);

describe("several rounds on one request", () => {
  it("have something to kill in each", () => {
    expect(expected).toMatchObject({ rounds: [{ number: 1 }, { number: 2 }, { number: 3 }], series: undefined });
    expect((expected as ReturnType<typeof outcomeOf>)["winRates"]).toHaveLength(5);
  });

  it("end as those that nobody killed after kills in every stage", async () => {
    const places: readonly Place[] = [
      [1, "sample"],
      [1, "train"],
      [2, "sample"],
      [2, "judge"],
      [2, "train"],
      [2, "evaluate"],
      [3, "judge"],
      [3, "train"],
    ];
    const before: Row[] = [];
    let folder = template;
    for (const place of places) {
      folder = await killedWhere(folder, place.join("-"), (db) => isInside(db, place));
      expect(readOnly(folder, findViolations)).toEqual([]);
      expectKept(folder, before);
      before.push(...acknowledged(folder));
      expect(readOnly(folder, openSeries)).toMatchObject({ firstRound: 1, lastRound: ROUNDS, problem: null });
    }
    await expectGoesOn(folder, before);
  }, 120_000);

  it("go on after a kill between two of them", async () => {
    const folder = await killedWhere(template, "between", isBetween);
    await expectGoesOn(folder, acknowledged(folder));
  }, 120_000);
});
