/** An experiment that a later version of the lab wrote: all of it can be looked at, nothing is changed, and it is said plainly. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lookAtExperiment } from "#main/lab/look.ts";
import { openDatabase } from "#main/store/database.ts";
import { migrations } from "#main/store/migrations/all.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openLabOnFakes, openTestLab, runRound, setUp } from "./support.ts";

const KNOWN = migrations.length;

/** A folder with a round, to whose database a later version has added a table, a column and a migration. */
async function folderOfTheFuture(): Promise<string> {
  const folder = tempFolder();
  const { client, lab } = await openTestLab(folder);
  await setUp({ client, folder }, { training: 4, validation: 6, test: 2 });
  await runRound(client);
  await lab.close();
  const db = openDatabase(join(folder, DATABASE_NAME));
  db.exec(`CREATE TABLE of_the_future (id INTEGER NOT NULL PRIMARY KEY) STRICT;
    ALTER TABLE response ADD COLUMN mood TEXT NOT NULL DEFAULT 'cheerful';
    INSERT INTO _migration VALUES (${KNOWN + 1}, 'of-the-future', 'unknown', 1);
    DELETE FROM result_summary;
    PRAGMA user_version = ${KNOWN + 1};
    PRAGMA wal_checkpoint(TRUNCATE);`);
  db.close();
  return folder;
}

function digestOf(folder: string): string {
  return createHash("sha256")
    .update(readFileSync(join(folder, DATABASE_NAME)))
    .digest("hex");
}

describe("an experiment of a newer version", () => {
  it("is said to be one, with both versions", async () => {
    const { client } = await openTestLab(await folderOfTheFuture());
    const { newer } = await client.settings.about();
    expect(newer).toMatchObject({ schema: KNOWN + 1, known: KNOWN });
    expect(newer?.sentence).toMatch(/was written by a newer version of the lab .*nothing in it can be changed; open it with that version$/u);
  });

  it("can be looked at as a whole", async () => {
    const folder = await folderOfTheFuture();
    const { client } = await openTestLab(folder);
    expect(await client.experiments.get()).toMatchObject({ name: "Test", roundCount: 1 });
    expect(await client.rounds.list()).toMatchObject([{ number: 1, isDone: true, newPolicy: "r1" }]);
    expect((await client.rounds.forecast()).round).toBe(2);
    expect(await client.rounds.series()).toBeNull();
    expect((await client.policies.list()).map(({ name }) => name)).toEqual(["r0", "r1"]);
    expect((await client.policies.describe({ policy: "r1" })).policy.name).toBe("r1");
    expect((await client.training.metrics({ round: 1 })).length).toBeGreaterThan(0);
    expect(await client.training.run({ round: 1 })).toMatchObject({ round: 1 });
    // Computed anew, as nothing is kept, and not kept now.
    expect(await client.results.overview({})).toMatchObject({ split: "validation", prompts: 6 });
    expect((await client.results.table()).length).toBe(1);
    expect((await client.results.examples({ first: "r1", second: "r0" })).rows.length).toBe(6);
    expect((await client.results.report({})).html).toContain("r1");
    expect((await client.judgments.page({ from: 0, count: 5 })).total).toBeGreaterThan(0);
    expect((await client.settings.backups()).length).toBe(0);
    expect(lookAtExperiment(folder)).toMatchObject({ name: "Test", roundCount: 1 });
    const findings = await client.settings.doctor();
    expect(findings.filter((finding) => !finding.ok)).toEqual([]);
  });

  it("is not changed by whatever is tried, nor by being opened and closed", async () => {
    const folder = await folderOfTheFuture();
    const before = digestOf(folder);
    const lab = await openLabOnFakes(folder);
    const client = lab.client("owner");
    const refusal = /nothing in it can be changed/u;
    await expect(client.rounds.start({})).rejects.toThrow(refusal);
    await expect(client.rounds.start({ rounds: 2 })).rejects.toThrow(refusal);
    await expect(client.rounds.setLast({ round: 2 })).rejects.toThrow(refusal);
    await expect(client.rounds.redo({ stage: "train" })).rejects.toThrow(refusal);
    await expect(client.policies.add({ path: join(folder, "checkpoint-base"), name: "again" })).rejects.toThrow(refusal);
    await expect(client.policies.merge({ policy: "r1" })).rejects.toThrow(refusal);
    await expect(client.policies.remove({ policy: "r1" })).rejects.toThrow(refusal);
    await expect(client.settings.setOffline({ isOffline: true })).rejects.toThrow(refusal);
    await expect(client.settings.backUp()).rejects.toThrow(refusal);
    const experiment = await client.experiments.get();
    if (experiment === null) throw new Error("there is an experiment");
    await expect(client.experiments.configure({ config: experiment.config })).rejects.toThrow(refusal);
    const prompts = { path: "more.jsonl", text: '{"prompt": "One more"}\n', skipRejected: false };
    await expect(client.experiments.importPrompts(prompts)).rejects.toThrow(refusal);
    await lab.close();
    expect(digestOf(folder)).toBe(before);
    expect(existsSync(join(folder, "backups"))).toBe(false);
  });
});
