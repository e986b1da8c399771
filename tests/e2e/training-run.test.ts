/** A training run on the real engine, in a real browser: watched live, paused, gone on with, redone and ended early; every number against the database. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { CURVES, curveSentence } from "#renderer/training/curves.ts";
import type { MetricRow } from "#renderer/lab-client/apply-event.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { openRealLab, REAL_LAB_CONFIG, type RealLab } from "#tests/support/real-lab.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { violationsOf } from "#tests/main/lab/support.ts";

/** So many that a run is not over before a press of a button comes to it. */
const EPOCHS = 8;

describeInChromium("a training run in a browser", (pages) => {
  it("is watched, paused, gone on with, ended early after a redo; screens are sound in both themes", async () => {
    const lab = await openRealLab(tempFolder(), { more: { training: { ...REAL_LAB_CONFIG.training, epochs: EPOCHS } } });
    const page = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    await page.getByText("not measured yet with these settings").waitFor();
    await pages.look(page, "rounds-first");
    await page.getByRole("button", { name: "Start round 1" }).click();

    // Live: the figure grows by itself, and a pause is honoured after the step.
    await page.getByRole("link", { name: "Training", exact: true }).click();
    await page.getByText("Too early to read.").or(page.getByText("What the curves say")).first().waitFor();
    await stepFigure(page, 3);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const paused = metricsOf(lab);
    expect(paused.length).toBeGreaterThanOrEqual(3);
    await chartsShow(page, paused);
    await pages.look(page, "training-paused");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("is not a win rate.").waitFor();
    await lab.client.rounds.settle();
    expect(violationsOf(lab.db)).toEqual([]);
    const whole = metricsOf(lab);
    expect(whole.length).toBeGreaterThan(paused.length);
    await chartsShow(page, whole);

    // Ended early: the next round's training keeps its best checkpoint.
    await page.getByRole("link", { name: "Rounds" }).click();
    await page.getByRole("button", { name: "Start round 2", exact: true }).click();
    await page.getByText("What this round takes").waitFor();
    await page.getByRole("link", { name: "Training", exact: true }).click();
    await page.getByRole("button", { name: "Stop with the best so far" }).waitFor();
    await stepFigure(page, 6);
    await pages.picture(page, "training-live");
    await page.getByRole("button", { name: "Stop with the best so far" }).click();
    await page.getByRole("dialog").getByText("Best means the lowest mean loss").waitFor();
    await page.getByRole("button", { name: "Stop and keep the best" }).click();
    await page.getByText("Stopped early.").waitFor();
    await lab.client.rounds.settle();
    const kept = lab.db.get("SELECT kept_step FROM training_stop")?.["kept_step"];
    await page.getByText(`The policy was made from the checkpoint of step ${String(kept)},`).waitFor();
    const rows = metricsOf(lab, 2);
    expect(rows.length).toBeLessThan(whole.length);
    await chartsShow(page, rows);
    await pages.look(page, "training");
    expect(violationsOf(lab.db)).toEqual([]);

    await page.getByRole("link", { name: "Rounds" }).click();
    await page.getByRole("button", { name: "Start round 3", exact: true }).waitFor();
    await pages.look(page, "rounds");
    await redoEvaluation(page, lab);
  });

  it("leaves a policy that can be looked at and asked; the settings change what they say", async () => {
    const lab = await openRealLab(tempFolder(), { training: 6, validation: 8 });
    await lab.client.rounds.start({});
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const page = await open(lab);
    await tryPolicies(page, lab);
    await settings(page, lab);
  });

  /** A stage is redone: the earlier run stays, superseded. */
  async function redoEvaluation(page: Page, lab: RealLab): Promise<void> {
    await page.getByRole("button", { name: "Redo from" }).click();
    await page.getByRole("menuitem", { name: "Evaluate" }).click();
    await page.getByRole("button", { name: "Redo evaluate" }).click();
    await page.getByText("run 2").first().waitFor();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(violationsOf(lab.db)).toEqual([]);
  }

  /** The new policy answers beside the first, and nothing of it is recorded. */
  async function tryPolicies(page: Page, lab: RealLab): Promise<void> {
    const responses = () => lab.db.get("SELECT count(*) AS n FROM response")?.["n"];
    const before = responses();
    await page.getByRole("link", { name: "Policies" }).click();
    await page.getByRole("complementary", { name: "r1" }).getByText("r0, r1").waitFor();
    await page.getByRole("textbox", { name: "Prompt" }).fill("Write two lines about rain.");
    await page.keyboard.press("Enter");
    for (const name of ["r1", "r0"])
      await page
        .getByRole("article", { name })
        .getByText(/\d tokens/u)
        .waitFor();
    await page.getByRole("button", { name: "Ask" }).waitFor();
    expect(responses()).toBe(before);
    await page.getByRole("button", { name: "Adapter (PEFT)" }).click();
    await page.getByLabel("Folder on the lab’s machine", { exact: false }).fill(join(lab.folder, "r1-adapter"));
    await page.getByRole("button", { name: "Write it" }).click();
    await page.getByText("2 files were written to").waitFor();
    await pages.look(page, "policies");
    await page.getByRole("link", { name: "r0", exact: true }).click();
    await page.getByText("Round 1 starts from r0").waitFor();
  }

  async function settings(page: Page, lab: RealLab): Promise<void> {
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("cell", { name: "processor", exact: true }).waitFor();
    await page.getByRole("button", { name: "Make a backup" }).click();
    await page.getByText(/backups\/schema-/u).waitFor();
    expect(await lab.client.settings.backups()).toHaveLength(1);
    await page.getByRole("switch", { name: /^Offline/u }).click();
    await expect.poll(async () => (await lab.client.settings.network()).isOffline).toBe(true);
    await page.getByLabel(/^training\.learningRate/u).fill("0.0002");
    await page.getByRole("button", { name: "Save" }).last().click();
    await expect.poll(async () => (await lab.client.experiments.get())?.config.training.learningRate).toBe(0.0002);
    await page.getByLabel(/^training\.learningRate/u).fill("many");
    await page.getByRole("button", { name: "Save" }).last().click();
    await page.getByText("training.learningRate: ").waitFor();
    await page.getByLabel("Text size").selectOption("200");
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    await pages.look(page, "settings-large");
    await page.getByLabel("Text size").selectOption("100");
    await pages.look(page, "settings");
  }

  async function open(lab: RealLab): Promise<Page> {
    onTestFinished(async () => {
      await lab.close();
    });
    return (await pages.serve(lab.lab.router)).page;
  }
});

/** Waits until the large figure has come to a step. */
async function stepFigure(page: Page, step: number): Promise<void> {
  await page.waitForFunction((wanted) => Number(/^\d+/u.exec(document.querySelector(".large-figure")?.textContent ?? "0")?.[0] ?? 0) >= wanted, step);
}

function metricsOf(lab: RealLab, round = 1): MetricRow[] {
  return lab.db
    .all(
      "SELECT m.step, m.metrics FROM current_metric m JOIN stage_attempt a ON a.id = m.attempt_id JOIN round r ON r.id = a.round_id WHERE r.number = $round ORDER BY m.step",
      { round },
    )
    .map((row) => ({ step: Number(row["step"]), values: JSON.parse(String(row["metrics"])) as Record<string, number> }));
}

/** Each chart says its last, first, lowest and highest number: those of the database. */
async function chartsShow(page: Page, rows: readonly MetricRow[]): Promise<void> {
  for (const curve of CURVES) await page.getByRole("img", { name: curveSentence(curve, rows), exact: true }).waitFor();
}
