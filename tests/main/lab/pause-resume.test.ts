/** Pausing in the middle of a stage, going on, and ending where an uninterrupted run ends. */
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Stage } from "#app/domain/round.ts";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import {
  countOf,
  expectedUnits,
  openReadyLab,
  openTestLab,
  runRound,
  SCRIPTED,
  setUp,
  type Setup,
  type TestLab,
  uninterruptedOutcome,
  unitsOf,
  violationsOf,
  workOf,
} from "./support.ts";

/** The unit of engine work at which a stage is in its middle: 24 samples, then training steps, then 48 held-out samples. */
const middles: readonly (readonly [Stage, (unit: FakeUnit) => boolean])[] = [
  ["sample", (unit) => unit.kind === "sample" && unit.count === 10],
  ["train", (unit) => unit.kind === "step"],
  ["evaluate", (unit) => unit.kind === "sample" && unit.count > 40],
];

/** A round whose script has answered some of its asks and not all. */
async function pauseWhileJudging({ client, folder }: TestLab, setup: Setup): Promise<void> {
  await setUp({ client, folder }, setup);
  const stop = new AbortController();
  const events = await client.rounds.watch(undefined, { signal: stop.signal });
  await client.rounds.start({});
  for await (const event of events) {
    if (event.type === "stage.changed" && event.stage.stage === "judge") break;
  }
  stop.abort();
  // As from a socket: the request is heard in a later turn of the event loop.
  await nextTurn();
  expect(await client.rounds.pause()).toEqual({ wasRunning: true });
}

describe("a pause", () => {
  it.each(middles)("in the stage %s is honoured at the next unit, and the round ends as if there had been none", async (stage, isMiddle) => {
    let isPaused = false;
    let pausing: Promise<unknown> | undefined;
    const lab: TestLab = await openReadyLab(
      {},
      {
        beforeUnit: (unit) => {
          if (isPaused || !isMiddle(unit)) return;
          isPaused = true;
          pausing = lab.client.rounds.pause();
        },
      },
    );
    expect(await runRound(lab.client)).toEqual({ state: "paused", error: null });
    expect(await pausing).toEqual({ wasRunning: true });
    const [round] = await lab.client.rounds.list();
    const paused = round?.stages.find((one) => one.stage === stage);
    expect(paused).toMatchObject({ state: "paused", isPauseRequested: false });
    expect(paused?.unitsDone).toBeGreaterThan(0);
    expect(paused?.unitsDone).toBeLessThan(paused?.unitsTotal ?? 0);
    expect(violationsOf(lab.db)).toEqual([]);

    await lab.client.rounds.resume();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
    expect(await unitsOf(lab.client)).toEqual(expectedUnits());
    expect(violationsOf(lab.db)).toEqual([]);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM stage_attempt")).toBe(5);
  });

  it("while the script judges is honoured between two asks", async () => {
    const lab = await openTestLab(tempFolder());
    await pauseWhileJudging(lab, { training: 60 });
    const [round] = await lab.client.rounds.list();
    expect(round?.stages[1]?.state).toBe("paused");
    expect(countOf(lab.db, "SELECT count(*) AS n FROM ask WHERE outcome = 'open'")).toBeGreaterThan(0);
    const answered = lab.db.all("SELECT id, ask_id FROM judgment ORDER BY id");
    await lab.client.rounds.resume();
    expect((await lab.client.rounds.settle()).state).toBe("done");
    // What had been answered is kept, and nothing is asked twice.
    expect(lab.db.all("SELECT id, ask_id FROM judgment ORDER BY id").slice(0, answered.length)).toEqual(answered);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM judgment")).toBe(countOf(lab.db, "SELECT count(*) AS n FROM ask"));
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("of nothing says so, and nothing is there to resume", async () => {
    const { client } = await openReadyLab();
    expect(await client.rounds.pause()).toEqual({ wasRunning: false });
    await expect(client.rounds.resume()).rejects.toThrow("no round has been started yet");
    await runRound(client);
    expect(await client.rounds.pause()).toEqual({ wasRunning: false });
    await expect(client.rounds.resume()).rejects.toThrow("round 1 is done; there is nothing to resume");
  });

  it("is not needed by closing the lab, which pauses by itself", async () => {
    let closing: Promise<void> | undefined;
    const lab: TestLab = await openReadyLab(
      {},
      {
        beforeUnit: ({ count }) => {
          if (count === 10) closing ??= lab.lab.close();
        },
      },
    );
    expect((await runRound(lab.client)).state).toBe("paused");
    await closing;
    expect(lab.db.get("SELECT state, units_done FROM stage_attempt")).toEqual({ state: "paused", units_done: 10 });
  });

  it("leaves one round running at a time", async () => {
    const lab = await openReadyLab();
    await lab.client.rounds.start({});
    await expect(lab.client.rounds.start({})).rejects.toThrow("a round is running already");
    await expect(lab.client.rounds.resume()).rejects.toThrow("a round is running already");
    await expect(lab.client.rounds.redo({ stage: "sample" })).rejects.toThrow("a round is running already");
    expect((await lab.client.rounds.settle()).state).toBe("done");
  });
});

describe("a dispute that is asked of a person while a script has not judged all", () => {
  /** Some of the comparisons come out differently in their two orders. */
  const NOISY: Setup = { config: { ...SCRIPTED, oracle: { ...SCRIPTED.oracle, noise: 0.5 } }, training: 60 };

  async function disputeWhileJudging(lab: TestLab): Promise<void> {
    await pauseWhileJudging(lab, NOISY);
    expect((await lab.client.queue.next({ author: "Ada", count: 8, source: "disputes" })).comparisons.length).toBeGreaterThan(0);
  }

  it("is none of the script's: the stage goes on and ends, and the person may still answer", async () => {
    const lab = await openTestLab(tempFolder());
    await disputeWhileJudging(lab);
    await lab.client.rounds.resume();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(countOf(lab.db, "SELECT count(*) AS n FROM ask WHERE outcome = 'open' AND purpose = 'repeat'")).toBeGreaterThan(0);
    expect((await lab.client.queue.next({ author: "Ada", count: 8, source: "disputes" })).comparisons.length).toBeGreaterThan(0);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("keeps a stage that was killed from being taken for one that waits for people", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await disputeWhileJudging(first);
    await first.lab.close();
    const writable = openDatabase(join(folder, DATABASE_NAME));
    writable.exec("UPDATE stage_attempt SET state = 'running', running_since = 1 WHERE stage = 'judge'");
    writable.close();
    const next = await openTestLab(folder);
    const [round] = await next.client.rounds.list();
    expect([round?.stages[1]?.state, round?.isRunning]).toEqual(["paused", false]);
    await next.client.rounds.resume();
    expect(await next.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(violationsOf(next.db)).toEqual([]);
  });
});
