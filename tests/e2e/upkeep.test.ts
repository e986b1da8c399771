/** What keeps a lab tidy, on screen: training measured before a round, disk space freed, what could not be removed said, a report written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openReadyLab, runRound, SCRIPTED, violationsOf } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

describeInChromium("upkeep on screen", (pages) => {
  it("measures training beside the forecast, which then knows its time and memory", async () => {
    const trainingForecast = { msPerPair: 500, referenceMsPerPair: 100, memoryBytes: 3e9, longestTokens: 300 };
    const lab = await openReadyLab({ training: 8, validation: 8 }, { trainingForecast });
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    const memory = page.getByRole("row", { name: /^Memory/u });
    await memory.getByText(/^at least /u).waitFor();
    await pages.look(page, "rounds-measure", { largeText: true });
    await page.getByRole("button", { name: "Measure training" }).click();
    await page.getByText("Measured. Time and memory above").waitFor();
    await memory.getByText(/^~ .*GB$/u).waitFor();
    // Nothing was begun.
    expect(await lab.client.rounds.list()).toEqual([]);
  });

  it("shows what can go before it removes it, and says where all is needed", async () => {
    const lab = await openReadyLab();
    await runRound(lab.client);
    const stray = join(lab.folder, "artefacts", "ff", "f".repeat(64));
    mkdirSync(stray, { recursive: true });
    writeFileSync(join(stray, "model.safetensors"), "never recorded");
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Look what can go" }).click();
    const dialog = page.getByRole("dialog", { name: "What nothing needs any more" });
    const { items } = await lab.client.settings.garbage({});
    expect(items).toHaveLength(1);
    await dialog.getByRole("cell", { name: items[0]?.why ?? "", exact: true }).waitFor();
    await pages.look(page, "settings-garbage", { largeText: true });
    await dialog.getByRole("button", { name: "Leave it" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(existsSync(stray)).toBe(true);
    await page.getByRole("button", { name: "Look what can go" }).click();
    await dialog.getByRole("button", { name: /^Remove 1 thing, /u }).click();
    await dialog.getByText("Nothing can go: every file is needed.").waitFor();
    await dialog.getByText(/^Removed 1 thing/u).waitFor();
    expect(existsSync(stray)).toBe(false);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  // Windows says of a path below a file that it is not there, which is no failure.
  it.skipIf(process.platform === "win32")("says above the stages that old checkpoints could not be removed, until they are", async () => {
    const training = { ...SCRIPTED.training, checkpointEverySteps: 1, keepCheckpoints: 1, trains: "allWeights", epochs: 2 };
    let steps = 0;
    const holder: { block?: () => void } = {};
    const lab = await openReadyLab(
      { config: { ...SCRIPTED, training }, validation: 4 },
      {
        beforeUnit: ({ kind }) => {
          if (kind === "step" && (steps += 1) === 3) holder.block?.();
        },
      },
    );
    let shelf = "";
    holder.block = () => {
      const hash = lab.db.get("SELECT artefact_hash AS hash FROM training_checkpoint WHERE step = 1")?.["hash"];
      shelf = join(lab.folder, "artefacts", String(hash).slice(0, 2));
      renameSync(shelf, `${shelf}-aside`);
      writeFileSync(shelf, "in the way");
    };
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("button", { name: "Start round 1" }).click();
    const note = page.getByRole("status").filter({ hasText: "could not be removed" });
    await note.waitFor();
    expect((await lab.client.rounds.settle()).state).toBe("done");
    rmSync(shelf);
    renameSync(`${shelf}-aside`, shelf);
    // It outlives the page that heard it.
    await page.reload();
    await note.getByText("1 old training checkpoint could not be removed").waitFor();
    await pages.look(page, "rounds-not-removed");
    await note.getByRole("button", { name: "Look what can go" }).click();
    const dialog = page.getByRole("dialog", { name: "What nothing needs any more" });
    await dialog.getByRole("button", { name: /^Remove 1 thing/u }).click();
    await dialog.getByText("Nothing can go: every file is needed.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await note.waitFor({ state: "detached" });
    expect(readdirSync(dirname(shelf)).filter((name) => name.endsWith("-aside"))).toEqual([]);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("writes a report without words of errors unless they are asked for", async () => {
    const lab = await openReadyLab();
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("link", { name: "Settings" }).click();
    const path = join(lab.folder, "for-support.json.gz");
    await page.getByLabel("Where, on the lab’s machine").fill(path);
    await page.getByRole("button", { name: "Write the report" }).click();
    await page.getByText(`Wrote ${path}. It holds`).waitFor();
    const report = gunzipSync(readFileSync(path)).toString("utf8");
    expect(report).not.toContain("Training prompt");
    expect(JSON.parse(report)).toBeTypeOf("object");
  });
});
