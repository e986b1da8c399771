/** A training run that is ended early keeps the policy of its best checkpoint, whenever the wish is met. */
import { describe, expect, it } from "vitest";
import { measureText } from "#app/training/best-checkpoint.ts";
import { countOf, openReadyLab, openTestLab, runRound, SCRIPTED, setUp, type TestLab, violationsOf } from "./support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

/** All checkpoints are looked at afterwards. */
const KEEPING = { ...SCRIPTED, training: { ...SCRIPTED.training, keepCheckpoints: "all" } };

/** Asks to stop once so many steps are done; the fake engine's loss falls from step to step, so the last checkpoint is the best. */
function stopAt(step: number, lab: () => TestLab) {
  let steps = 0;
  return {
    beforeUnit: async ({ kind }: { readonly kind: string }): Promise<void> => {
      if (kind !== "step") return;
      steps += 1;
      if (steps === step + 1) await lab().client.training.stopWithBest({ round: 1 });
    },
  };
}

describe("stop with the best so far", () => {
  it("ends after the step at hand with the policy of the best checkpoint, and the round goes on", async () => {
    const holder: { lab?: TestLab } = {};
    const lab = await openReadyLab(
      { config: KEEPING },
      stopAt(3, () => holder.lab ?? lab),
    );
    holder.lab = lab;
    const { client, db } = lab;
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const run = await client.training.run({ round: 1 });
    expect(run).toMatchObject({ state: "done", isStopRequested: true, kept: { step: 4 }, measure: measureText([]) });
    expect(run?.checkpoints.map((checkpoint) => [checkpoint.step, checkpoint.isBest])).toEqual([
      [2, false],
      [4, true],
    ]);
    const [round] = await client.rounds.list();
    expect(round).toMatchObject({ isDone: true, newPolicy: "r1" });
    expect(round?.stages[3]).toMatchObject({ unitsDone: 4, unitsTotal: 4 });
    expect(await client.training.metrics({ round: 1 })).toHaveLength(4);
    expect(violationsOf(db)).toEqual([]);
  });

  it("is honoured by the next lab when this one ends first", async () => {
    const folder = tempFolder();
    const never = new Promise<void>(() => undefined);
    const reached = Promise.withResolvers<undefined>();
    let steps = 0;
    const first = await openTestLab(folder, {
      beforeUnit: async ({ kind }) => {
        if (kind !== "step" || (steps += 1) < 4) return;
        reached.resolve(undefined);
        await never;
      },
    });
    await setUp(first);
    await first.client.rounds.start({});
    await reached.promise;
    await first.client.training.stopWithBest({ round: 1 });
    // The engine is killed in the middle of the fourth step, and the lab is closed.
    await first.client.rounds.stop();
    await first.lab.close();

    const next = await openTestLab(folder);
    await next.client.rounds.resume();
    expect(await next.client.rounds.settle()).toEqual({ state: "done", error: null });
    // Three steps were recorded; the checkpoint of the second is the best that is durable.
    expect(await next.client.training.run({ round: 1 })).toMatchObject({ state: "done", kept: { step: 2 } });
    expect(violationsOf(next.db)).toEqual([]);
  });

  it("is refused where there is nothing to keep, and where the policy is made", async () => {
    const { client } = await openReadyLab();
    await runRound(client, "pair");
    await expect(client.training.stopWithBest({ round: 1 })).rejects.toThrow("round 1 has not begun to train");
    expect(await client.training.run({ round: 1 })).toBeNull();
    await runRound(client);
    await expect(client.training.stopWithBest({ round: 1 })).rejects.toThrow("is done already");
  });

  it("belongs to its run: a redo trains to the end", async () => {
    const holder: { lab?: TestLab } = {};
    const lab = await openReadyLab(
      {},
      stopAt(2, () => holder.lab ?? lab),
    );
    holder.lab = lab;
    await runRound(lab.client);
    await lab.client.rounds.redo({ stage: "train" });
    expect((await lab.client.rounds.settle()).state).toBe("done");
    expect(await lab.client.training.run({ round: 1 })).toMatchObject({ attemptNumber: 2, isStopRequested: false, kept: null });
    expect(countOf(lab.db, "SELECT count(*) AS n FROM training_stop")).toBe(1);
    expect(violationsOf(lab.db)).toEqual([]);
  });
});

describe("stop", () => {
  it("ends a round at once, in the middle of a unit, and the round goes on from what was finished", async () => {
    const reached = Promise.withResolvers<undefined>();
    let isStuck = true;
    const { client, db } = await openReadyLab(
      {},
      {
        beforeUnit: async ({ count }) => {
          if (count !== 6 || !isStuck) return;
          isStuck = false;
          reached.resolve(undefined);
          // A unit that would never end: a pause would wait for it.
          await new Promise<void>(() => undefined);
        },
      },
    );
    await client.rounds.start({});
    await reached.promise;
    expect(await client.rounds.stop()).toEqual({ wasRunning: true });
    expect(await client.rounds.settle()).toEqual({ state: "paused", error: null });
    const [stopped] = await client.rounds.list();
    expect(stopped?.stages[0]).toMatchObject({ state: "paused", unitsDone: 5 });
    // It was meant: no death of the engine is counted.
    expect(countOf(db, "SELECT sum(engine_deaths) AS n FROM stage_attempt")).toBe(0);
    await client.rounds.resume();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await client.rounds.stop()).toEqual({ wasRunning: false });
    expect(violationsOf(db)).toEqual([]);
  });

  it("goes by the held-out pairs where there are enough, and never trains on them", async () => {
    const holder: { lab?: TestLab } = {};
    const lab = await openReadyLab(
      { config: { ...SCRIPTED, training: { ...KEEPING.training, heldOutShare: 0.3 } }, training: 80, validation: 1 },
      stopAt(5, () => holder.lab ?? lab),
    );
    holder.lab = lab;
    await runRound(lab.client);
    const run = await lab.client.training.run({ round: 1 });
    // The fake engine's loss falls to the end, but on held-out pairs it is lowest after the second step.
    expect(run).toMatchObject({ kept: { step: 2, loss: 0.6 }, measure: "loss on held-out pairs, which are never trained on" });
    const heldOut = run?.heldOutPairs ?? 0;
    expect(heldOut).toBeGreaterThanOrEqual(10);
    expect((run?.pairs ?? 0) + heldOut).toBe((await lab.client.rounds.list())[0]?.pairCount);
    // A step that was not measured is no candidate.
    expect(run?.checkpoints.map(({ step, loss }) => [step, loss === null])).toEqual([
      [2, false],
      [4, false],
      [6, false],
    ]);
    expect(violationsOf(lab.db)).toEqual([]);
  });
});
