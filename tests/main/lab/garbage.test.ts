/** Freeing the disk: what no live record needs goes, everything else stays, and a kill in the middle harms nothing. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { openDatabase, type Row } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { answerAll, openReadyLab, openTestLab, runRound, SCRIPTED, setUp, type TestLab, violationsOf } from "./support.ts";

/** A checkpoint after each step but the last, and none removed by the run itself. */
const MANY = { ...SCRIPTED, training: { batchSize: 2, checkpointEverySteps: 1, keepCheckpoints: "all" } };

function placesOf({ db, folder }: Pick<TestLab, "db" | "folder">, where: string): string[] {
  return db.all(`SELECT DISTINCT a.hash FROM artefact a ${where}`).map((row: Row) => {
    const hash = String(row["hash"]);
    return join(folder, "artefacts", hash.slice(0, 2), hash);
  });
}

async function isWell(lab: TestLab): Promise<void> {
  expect((await lab.client.settings.doctor()).filter((finding) => !finding.ok)).toEqual([]);
  expect(violationsOf(lab.db)).toEqual([]);
}

describe("gc", () => {
  it("says what would go and changes nothing, then removes just that", async () => {
    const lab = await openReadyLab({ config: MANY, validation: 4 });
    for (const round of [1, 2]) expect(await runRound(lab.client), `round ${round}`).toEqual({ state: "done", error: null });
    const before = placesOf(lab, "WHERE a.kind = 'trainingCheckpoint'");
    const said = await lab.client.settings.garbage({ keep: 1 });
    expect(said.isRemoved).toBe(false);
    expect(said.items.length).toBeGreaterThan(3);
    expect(said.items.every(({ kind, sizeBytes }) => kind === "trainingCheckpoint" && sizeBytes > 0)).toBe(true);
    expect(before.every((place) => existsSync(place))).toBe(true);

    const done = await lab.client.settings.collectGarbage({ keep: 1 });
    expect(done).toEqual({ ...said, isRemoved: true });
    expect(before.filter((place) => existsSync(place)).length).toBe(before.length - said.items.length);
    for (const round of [1, 2]) expect((await lab.client.training.run({ round }))?.checkpoints.length).toBe(1);
    expect(placesOf(lab, "WHERE a.kind = 'adapter'").every((place) => existsSync(place))).toBe(true);
    await isWell(lab);
    expect((await lab.client.settings.garbage({ keep: 1 })).items).toEqual([]);
    // The rule at work: without it none of a run that is done stays.
    expect((await lab.client.settings.collectGarbage({ keep: 0 })).items.length).toBeGreaterThan(0);
    expect((await runRound(lab.client)).state).toBe("done");
    await isWell(lab);
  });

  it("keeps what a run goes on from, and the run ends as if nothing had been removed", async () => {
    const run = async (collects: boolean): Promise<unknown> => {
      const holder: { pause?: () => Promise<unknown> } = {};
      let steps = 0;
      const lab = await openReadyLab(
        { config: MANY, validation: 4 },
        {
          beforeUnit: ({ kind }) => {
            if (kind === "step" && (steps += 1) === 5) void holder.pause?.();
          },
        },
      );
      holder.pause = () => lab.client.rounds.pause();
      expect((await runRound(lab.client)).state).toBe("paused");
      if (collects) expect((await lab.client.settings.collectGarbage({ keep: 0 })).items.length).toBeGreaterThan(0);
      await lab.client.rounds.resume();
      expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
      await isWell(lab);
      return lab.db.all("SELECT step, metrics FROM metric ORDER BY step");
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it("removes the checkpoints of a run that was run again, and merged weights on which no policy rests; never an export", async () => {
    const lab = await openReadyLab({ config: MANY, validation: 4 });
    await runRound(lab.client);
    const reconfigure = async (training: Readonly<Record<string, unknown>>): Promise<void> => {
      await lab.client.experiments.configure({ config: experimentConfigSchema.parse({ ...MANY, training: { ...MANY.training, ...training } }) });
    };
    await reconfigure({ trains: "allWeights" });
    await runRound(lab.client);
    expect(readdirSync(join(lab.folder, "checkpoints"))).toHaveLength(1);
    const exported = placesOf(lab, "WHERE a.kind = 'export'");
    await lab.client.rounds.redo({ stage: "train" });
    await lab.client.rounds.settle();
    const report = await lab.client.settings.collectGarbage({ keep: 1 });
    expect(new Set(report.items.map(({ kind }) => kind))).toEqual(new Set(["trainingCheckpoint", "mergedCheckpoint"]));
    expect(readdirSync(join(lab.folder, "checkpoints"))).toEqual([]);
    expect(exported.every((place) => existsSync(place))).toBe(true);
    await isWell(lab);
    // Merged again where it is wanted.
    await lab.client.rounds.redo({ stage: "train" });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    await isWell(lab);
  });

  it("is finished by the next one after a kill in the middle, and takes what a kill left among the artefacts", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { config: MANY, validation: 4 });
    await runRound(first.client);
    const [half, whole] = placesOf(first, "JOIN training_checkpoint c ON c.artefact_hash = a.hash WHERE c.step IN (1, 2)");
    if (half === undefined || whole === undefined) throw new Error("there are two checkpoints");
    await first.lab.close();
    // As it stands when the process died: both are given up, the files of one are gone in part, those of the other not at all.
    const writable = openDatabase(join(folder, DATABASE_NAME));
    writable.exec("UPDATE artefact SET removed_at = 5 WHERE hash IN (SELECT artefact_hash FROM training_checkpoint WHERE step IN (1, 2))");
    writable.close();
    for (const name of readdirSync(half)) rmSync(join(half, name));
    const stray = join(folder, "artefacts", "ff", "f".repeat(64));
    mkdirSync(stray, { recursive: true });
    writeFileSync(join(stray, "model.safetensors"), "never recorded");

    const next = await openTestLab(folder);
    await isWell(next);
    const report = await next.client.settings.collectGarbage({ keep: 9 });
    expect(report.items.map(({ kind }) => kind)).toEqual(["stray", "stray", "stray"]);
    for (const place of [half, whole, stray]) expect(existsSync(place)).toBe(false);
    await isWell(next);
    expect((await runRound(next.client)).state).toBe("done");
  });

  it("waits until nothing runs", async () => {
    const holder: { collect?: () => Promise<unknown> } = {};
    const outcomes: unknown[] = [];
    const lab = await openReadyLab(
      { validation: 4 },
      {
        beforeUnit: async ({ count }) => {
          if (count === 3) outcomes.push(await holder.collect?.());
        },
      },
    );
    holder.collect = () => lab.client.settings.collectGarbage({}).catch((thrown: unknown) => String(thrown));
    await runRound(lab.client);
    expect(outcomes).toEqual([expect.stringMatching(/a round is running/u)]);
  });

  it("needs not wait for people, who judge as long as they like; the round ends after it", async () => {
    const lab = await openReadyLab({ config: MANY, validation: 4 });
    await runRound(lab.client);
    await lab.client.experiments.configure({ config: experimentConfigSchema.parse({ ...MANY, oracle: { kind: "people" } }) });
    expect((await runRound(lab.client)).state).toBe("waitsForPeople");
    expect((await lab.client.settings.collectGarbage({ keep: 0 })).items.length).toBeGreaterThan(0);
    for (const waits of ["waitsForPeople", "done"]) {
      await answerAll(lab.client);
      expect((await lab.client.rounds.settle()).state).toBe(waits);
    }
    await isWell(lab);
  });
});
