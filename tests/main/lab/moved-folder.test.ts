/** An experiment's folder that is moved or copied: the checkpoints that lie in it are found where it is now. */
import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openTestLab, runRound, SCRIPTED, setUp, violationsOf } from "./support.ts";

const ALL_WEIGHTS = { ...SCRIPTED, training: { ...SCRIPTED.training, trains: "allWeights" } };
const OTHER_RANK = { ...SCRIPTED, training: { ...SCRIPTED.training, adapter: { rank: 4 } } };

/** A folder with two rounds, whose second policy rests on a checkpoint that the lab wrote. */
async function twoRounds(folder: string, second: Readonly<Record<string, unknown>>): Promise<void> {
  const { client, lab } = await openTestLab(folder);
  await setUp({ client, folder }, { config: SCRIPTED, training: 6, validation: 6 });
  await runRound(client);
  await client.experiments.configure({ config: experimentConfigSchema.parse(second) });
  expect(await runRound(client)).toEqual({ state: "done", error: null });
  await lab.close();
}

const ways = {
  moved: renameSync,
  copied: (from: string, to: string) => {
    cpSync(from, to, { recursive: true });
    // What is left behind must not be what is found.
    renameSync(from, `${from}-gone`);
  },
} as const;

describe.each([
  ["trained", ALL_WEIGHTS],
  ["merged", OTHER_RANK],
])("a checkpoint that a round %s", (_, second) => {
  it.each(["moved", "copied"] as const)("is found after the folder was %s", async (way) => {
    const home = tempFolder();
    const [before, after] = [join(home, "before"), join(home, "after")];
    await twoRounds(before, second);
    ways[way](before, after);

    const next = await openTestLab(after);
    expect((await next.client.settings.doctor()).filter((finding) => !finding.ok)).toEqual([]);
    for (const policy of await next.client.policies.list()) expect(policy.checkpointPath.startsWith(after)).toBe(true);
    expect(await runRound(next.client)).toEqual({ state: "done", error: null });
    expect(violationsOf(next.db)).toEqual([]);
  });
});

it("a checkpoint elsewhere keeps the path that the user named", async () => {
  const home = tempFolder();
  const lab = await openTestLab(join(home, "experiment"));
  await setUp({ client: lab.client, folder: home });
  expect(lab.db.all("SELECT path, is_inside FROM checkpoint")).toEqual([{ path: join(home, "checkpoint-base"), is_inside: 0 }]);
});
