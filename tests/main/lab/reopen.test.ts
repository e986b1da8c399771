/** A lab that is gone without a word, at any unit: the next one finds the run paused and ends it as if nothing had been. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import {
  countOf,
  expectedUnits,
  openTestLab,
  runRound,
  setUp,
  type TestLab,
  uninterruptedOutcome,
  unitsOf,
  violationsOf,
  workOf,
} from "./support.ts";

/** A lab whose engine stands still for ever before a unit: as good as killed, as nothing of it runs again. */
async function abandonAt(folder: string, count: number): Promise<TestLab> {
  const { promise: isThere, resolve: arrive } = Promise.withResolvers<void>();
  const lab = await openTestLab(
    folder,
    {
      beforeUnit: (unit) => {
        if (unit.count !== count) return;
        arrive();
        return new Promise(() => undefined);
      },
    },
    true,
  );
  await setUp(lab);
  await lab.client.rounds.start({});
  await isThere;
  return lab;
}

describe("a lab that is gone", () => {
  // 24 samples, 4 or 5 training steps, then 48 held-out samples.
  it.each([1, 2, 13, 24, 25, 26, 27, 28, 30, 40, 60])("before unit %i loses nothing and does nothing twice", async (count) => {
    const folder = tempFolder();
    const gone = await abandonAt(folder, count);
    expect(violationsOf(gone.db)).toEqual([]);
    const kept = gone.db.all("SELECT id FROM response ORDER BY id");

    const next = await openTestLab(folder);
    const [round] = await next.client.rounds.list();
    expect(round?.isRunning).toBe(false);
    expect(round?.stages.filter((stage) => stage.state === "paused")).toHaveLength(1);
    expect(violationsOf(next.db)).toEqual([]);
    await next.client.rounds.resume();
    expect(await next.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(next.db.all("SELECT id FROM response ORDER BY id").slice(0, kept.length)).toEqual(kept);
    expect(workOf(next.db)).toEqual(await uninterruptedOutcome());
    expect(await unitsOf(next.client)).toEqual(expectedUnits());
    expect(violationsOf(next.db)).toEqual([]);
    expect(countOf(next.db, "SELECT count(*) AS n FROM stage_attempt")).toBe(5);
  });

  it("is not counted as time that was spent running", async () => {
    const folder = tempFolder();
    await abandonAt(folder, 5);
    const next = await openTestLab(folder);
    const row = next.db.get("SELECT state, active_ms, running_since FROM stage_attempt");
    expect(row).toEqual({ state: "paused", active_ms: 0, running_since: null });
  });

  it("between a new policy and the end of its run makes no second one", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first);
    await runRound(first.client, "train");
    await first.lab.close();
    const writable = openDatabase(join(folder, DATABASE_NAME));
    writable.exec("UPDATE stage_attempt SET state = 'running', ended_at = NULL, running_since = 1 WHERE stage = 'train'");
    writable.close();
    const next = await openTestLab(folder);
    await next.client.rounds.resume();
    expect((await next.client.rounds.settle()).state).toBe("done");
    expect(violationsOf(next.db)).toEqual([]);
    expect(countOf(next.db, "SELECT count(*) AS n FROM policy")).toBe(2);
  });

  it("in the middle of a step leaves metric rows that are replaced by equal ones", async () => {
    const folder = tempFolder();
    const gone = await abandonAt(folder, 24 + 4);
    const before = gone.db.all("SELECT step, metrics FROM metric ORDER BY step");
    expect(before.length).toBe(3);
    expect(gone.db.all("SELECT step FROM training_checkpoint")).toEqual([{ step: 2 }]);
    const next = await openTestLab(folder);
    await next.client.rounds.resume();
    await next.client.rounds.settle();
    expect(next.db.all("SELECT step, metrics FROM metric ORDER BY step").slice(0, 3)).toEqual(before);
  });
});
