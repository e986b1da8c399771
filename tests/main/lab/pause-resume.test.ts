/** Pausing in the middle of a stage, going on, and ending where an uninterrupted run ends. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Stage } from "#app/domain/round.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { countOf, expectedUnits, openReadyLab, runRound, type TestLab, uninterruptedOutcome, unitsOf, violationsOf, workOf } from "./support.ts";

/** The unit of engine work at which a stage is in its middle: 24 samples, then training steps, then 48 held-out samples. */
const middles: readonly (readonly [Stage, (unit: FakeUnit) => boolean])[] = [
  ["sample", (unit) => unit.kind === "sample" && unit.count === 10],
  ["train", (unit) => unit.kind === "step"],
  ["evaluate", (unit) => unit.kind === "sample" && unit.count > 40],
];

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
    const lab = await openReadyLab({ training: 60 });
    const stop = new AbortController();
    const events = await lab.client.rounds.watch(undefined, { signal: stop.signal });
    await lab.client.rounds.start({});
    for await (const event of events) {
      if (event.type === "stage.changed" && event.stage.stage === "judge") break;
    }
    stop.abort();
    // As from a socket: the request is heard in a later turn of the event loop.
    await nextTurn();
    expect(await lab.client.rounds.pause()).toEqual({ wasRunning: true });
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
