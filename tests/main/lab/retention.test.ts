/** Checkpoints of a training run that is done: as many stay as the setting says, and only what nothing goes on from goes. */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LabEvent } from "#app/contract/rounds.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "./support.ts";

type Keep = number | "all";

/** A checkpoint after each step but the last. */
function keeping(keepCheckpoints?: Keep, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const setting = keepCheckpoints === undefined ? {} : { keepCheckpoints };
  return { ...SCRIPTED, training: { batchSize: 2, checkpointEverySteps: 1, ...setting, ...more } };
}

async function stepsKept({ client }: TestLab, round = 1): Promise<number[]> {
  return (await client.training.run({ round }))?.checkpoints.map(({ step }) => step) ?? [];
}

function stepsWritten(db: TestLab["db"]): number {
  return countOf(db, "SELECT max(step) AS n FROM training_checkpoint");
}

function placeOf({ db, folder }: Pick<TestLab, "db" | "folder">, step: number): string {
  const row = db.get("SELECT artefact_hash AS hash FROM training_checkpoint WHERE step = $step", { step });
  const hash = String(row?.["hash"]);
  return join(folder, "artefacts", hash.slice(0, 2), hash);
}

async function isWell({ client, db }: TestLab): Promise<void> {
  expect((await client.settings.doctor()).filter((finding) => !finding.ok)).toEqual([]);
  expect(violationsOf(db)).toEqual([]);
}

describe("training.keepCheckpoints", () => {
  it("says how many stay: one unless it is set, the best first, then the newest; all on request", async () => {
    const outcomes: unknown[] = [];
    for (const keep of [undefined, 1, 3, "all"] as const) {
      const lab = await openReadyLab({ config: keeping(keep), validation: 4 });
      expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
      // The fake engine's loss falls from step to step, so the newest is the best.
      const written = stepsWritten(lab.db);
      const all = Array.from({ length: written }, (_, i) => i + 1);
      expect(written).toBeGreaterThan(3);
      expect(await stepsKept(lab)).toEqual(keep === "all" ? all : all.slice(-(keep ?? 1)));
      for (const step of all) expect(existsSync(placeOf(lab, step)), `step ${step}`).toBe(keep === "all" || step > written - (keep ?? 1));
      await isWell(lab);
      // A look for garbage follows the setting too; a number stands over it.
      expect((await lab.client.settings.garbage({})).items).toEqual([]);
      expect((await lab.client.settings.garbage({ keep: 0 })).items).toHaveLength(keep === "all" ? written : (keep ?? 1));
      outcomes.push(lab.db.all("SELECT step, json_remove(metrics, '$.tokens_per_second', '$.memory_bytes') AS m FROM metric ORDER BY step"));
    }
    // Nothing that comes out depends on it.
    expect(new Set(outcomes.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it("keeps the checkpoint of which the policy was made, though a newer one is there", async () => {
    const holder: { stop?: () => Promise<unknown> } = {};
    let steps = 0;
    const lab = await openReadyLab(
      { config: keeping(1, { heldOutShare: 0.3, checkpointEverySteps: 2, batchSize: 4 }), training: 80, validation: 1 },
      {
        beforeUnit: async ({ kind }) => {
          if (kind === "step" && (steps += 1) === 6) await holder.stop?.();
        },
      },
    );
    holder.stop = () => lab.client.training.stopWithBest({ round: 1 });
    expect((await runRound(lab.client)).state).toBe("done");
    // On held-out pairs the fake engine is best after the second step.
    expect(await lab.client.training.run({ round: 1 })).toMatchObject({ kept: { step: 2 } });
    expect(stepsWritten(lab.db)).toBe(6);
    expect(await stepsKept(lab)).toEqual([2]);
    await isWell(lab);
  });

  it("waits until the run is done: one that is paused keeps what it goes on from, and ends the same", async () => {
    const metricsOf = async (pauses: boolean): Promise<unknown> => {
      const holder: { pause?: () => Promise<unknown> } = {};
      let steps = 0;
      const lab = await openReadyLab(
        { config: keeping(1), validation: 4 },
        {
          beforeUnit: ({ kind }) => {
            if (kind === "step" && (steps += 1) === 5 && pauses) void holder.pause?.();
          },
        },
      );
      holder.pause = () => lab.client.rounds.pause();
      const outcome = await runRound(lab.client);
      expect(outcome.state).toBe(pauses ? "paused" : "done");
      if (pauses) {
        const written = stepsWritten(lab.db);
        expect(await stepsKept(lab)).toHaveLength(written);
        await lab.client.rounds.resume();
        expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
      }
      expect(await stepsKept(lab)).toHaveLength(1);
      await isWell(lab);
      return lab.db.all("SELECT step, json_remove(metrics, '$.tokens_per_second', '$.memory_bytes') AS m FROM metric ORDER BY step");
    };
    expect(await metricsOf(true)).toEqual(await metricsOf(false));
  });

  it("leaves a redone run, and the rounds after it, what they need, and keeps none of a run that was run again", async () => {
    const lab = await openReadyLab({ config: keeping(2), validation: 4 });
    await runRound(lab.client);
    const redo = async (keep: number): Promise<void> => {
      await lab.client.experiments.configure({ config: experimentConfigSchema.parse(keeping(keep, { learningRate: 1e-4 })) });
      await lab.client.rounds.redo({ stage: "train" });
      expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
      expect(await stepsKept(lab)).toHaveLength(keep);
    };
    await redo(2);
    // The same again comes to the same checkpoints, which two runs then share; how many stay is nothing that a run reads.
    await redo(3);
    const read = lab.db.all("SELECT input_hash FROM stage_attempt WHERE stage = 'train' ORDER BY number");
    expect(read.map((row) => row["input_hash"] === read[1]?.["input_hash"])).toEqual([false, true, true]);
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    for (const round of [1, 2]) expect(await stepsKept(lab, round), `round ${round}`).toHaveLength(3);
    const kept = countOf(lab.db, "SELECT count(*) AS n FROM artefact WHERE kind = 'trainingCheckpoint' AND removed_at IS NULL");
    expect(kept).toBe(6);
    await isWell(lab);
  });

  // Windows says of a path below a file that it is not there, which is no failure.
  it.skipIf(process.platform === "win32")("says what cannot be removed, and the round goes on; the next look for garbage finds it", async () => {
    const holder: { block?: () => void } = {};
    let steps = 0;
    // All weights: what is written has the same hashes in every folder, so that nothing else comes to lie on the shelf.
    const lab = await openReadyLab(
      { config: keeping(1, { trains: "allWeights" }), validation: 4 },
      {
        beforeUnit: ({ kind }) => {
          if (kind === "step" && (steps += 1) === 3) holder.block?.();
        },
      },
    );
    let shelf = "";
    holder.block = () => {
      shelf = dirname(placeOf(lab, 1));
      renameSync(shelf, `${shelf}-aside`);
      writeFileSync(shelf, "in the way");
    };
    const events = await lab.client.rounds.watch();
    const said = (async (): Promise<LabEvent | undefined> => {
      for await (const event of events) if (event.type === "checkpoints.notRemoved") return event;
      return undefined;
    })();
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    expect(await said).toMatchObject({
      count: 1,
      message: expect.stringMatching(/^round 1, step 1: .*a file stands where a folder is expected/u) as unknown,
    });
    const [round] = await lab.client.rounds.list();
    expect(round?.stages[3]).toMatchObject({ state: "done", counts: { "checkpoints not removed": 1 } });
    expect(await stepsKept(lab)).toHaveLength(1);

    rmSync(shelf);
    renameSync(`${shelf}-aside`, shelf);
    const report = await lab.client.settings.collectGarbage({});
    expect(report.items.map(({ kind }) => kind)).toEqual(["stray"]);
    expect(existsSync(placeOf(lab, 1))).toBe(false);
    await isWell(lab);
  });
});
