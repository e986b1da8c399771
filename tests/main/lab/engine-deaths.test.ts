/** An engine that dies: started anew from the last durable record, three times in a row at most. */
import { describe, expect, it } from "vitest";
import { engineDeath, type FakeUnit } from "#tests/support/fake-engine.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, type TestLab, uninterruptedOutcome, violationsOf, workOf } from "./support.ts";

/** Kills the engine before the units that `isFatal` names. */
async function openMortalLab(isFatal: (unit: FakeUnit) => boolean): Promise<TestLab> {
  return await openReadyLab(
    {},
    {
      beforeUnit: (unit) => {
        if (isFatal(unit)) throw engineDeath();
      },
    },
  );
}

async function deathsHeard(lab: TestLab, work: () => Promise<unknown>): Promise<number[]> {
  const stop = new AbortController();
  const events = await lab.client.rounds.watch(undefined, { signal: stop.signal });
  await work();
  stop.abort();
  const deaths: number[] = [];
  for await (const event of events) if (event.type === "engine.died") deaths.push(event.deaths);
  return deaths;
}

describe("an engine that dies", () => {
  it("now and then costs nothing: the round ends as if it had not", async () => {
    const lab = await openMortalLab(({ count }) => count % 11 === 0);
    const deaths = await deathsHeard(lab, async () => {
      expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    });
    expect(deaths.length).toBeGreaterThan(3);
    expect(new Set(deaths)).toEqual(new Set([1]));
    expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("three times in a row stops the stage with the reason, keeps what was done, and may be tried again", async () => {
    let isBroken = true;
    const lab = await openMortalLab(({ count }) => isBroken && count > 10);
    const deaths = await deathsHeard(lab, async () => {
      expect(await runRound(lab.client)).toEqual({
        state: "failed",
        error: "the engine died 3 times in a row; the last time: the engine process ended by SIGKILL",
      });
    });
    expect(deaths).toEqual([1, 2, 3]);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM response")).toBe(10);
    isBroken = false;
    await lab.client.rounds.resume();
    expect((await lab.client.rounds.settle()).state).toBe("done");
    expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
  });

  it("gets its three lives anew when a failed stage is gone on with", async () => {
    const lab = await openMortalLab(() => true);
    await runRound(lab.client);
    const deaths = await deathsHeard(lab, async () => {
      await lab.client.rounds.resume();
      expect((await lab.client.rounds.settle()).state).toBe("failed");
    });
    expect(deaths).toEqual([1, 2, 3]);
  });

  it("at the same step every time stops the training: steps without a checkpoint are no progress", async () => {
    let [stepsOfThisLife, stepsToLive] = [0, 3];
    const lab = await openMortalLab(({ kind }) => {
      if (kind !== "step" || stepsOfThisLife++ < stepsToLive) return false;
      // Always before step 4: each restart begins behind the checkpoint of step 2 and does step 3 once more.
      [stepsOfThisLife, stepsToLive] = [0, 1];
      return true;
    });
    expect((await runRound(lab.client)).error).toMatch(/^the engine died 3 times in a row/u);
    expect(lab.db.all("SELECT step FROM training_checkpoint")).toEqual([{ step: 2 }]);
    expect(lab.db.all("SELECT step FROM metric ORDER BY step")).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
  });

  it("between any two checkpoints is no death in a row", async () => {
    let calls = 0;
    const lab = await openReadyLab(
      { config: { ...SCRIPTED, training: { batchSize: 4, epochs: 2, checkpointEverySteps: 1 } } },
      {
        beforeUnit: ({ kind }) => {
          if (kind === "step" && calls++ % 2 === 0) throw engineDeath();
        },
      },
    );
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    expect(calls).toBeGreaterThan(8);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("is told from an engine that refuses: an error is not tried again", async () => {
    let calls = 0;
    const lab = await openReadyLab(
      {},
      {
        beforeUnit: () => {
          calls += 1;
          throw new Error("out of memory");
        },
      },
    );
    expect(await runRound(lab.client)).toEqual({ state: "failed", error: "internal: out of memory" });
    expect(calls).toBe(1);
  });
});

describe("a checkpoint", () => {
  it("whose files changed since it was added is refused before it is used", async () => {
    const lab = await openReadyLab();
    const { writeFileSync } = await import("node:fs");
    const [policy] = await lab.client.policies.list();
    writeFileSync(`${policy?.checkpointPath ?? ""}/model.safetensors`, "other weights");
    expect((await runRound(lab.client)).error).toMatch(/^the checkpoint of policy r0 in .* is no longer the one that was added/u);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM response")).toBe(0);
  });
});
