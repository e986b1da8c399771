/** The rounds in a browser: started, watched, paused, gone on with, redone, and told what went wrong. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { describeInChromium, type Pages } from "#tests/support/in-chromium.ts";
import { shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab, type FakeLab } from "#tests/support/fake-lab.ts";

describeInChromium("the rounds in a browser", (pages) => {
  it("starts a round, shows its progress live, pauses at the next unit and goes on", async () => {
    const lab = createFakeLab();
    const { page } = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).click();
    const sample = stage(page, "Sample");
    await sample.getByText("0 of 120 responses").waitFor();

    lab.rounds.advance(30);
    await sample.getByText("30 of 120 responses").waitFor();
    await sample.getByText("about 25 s left").waitFor();
    await sample.getByText("4.0 a second").waitFor();
    expect(await sample.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("30");

    await page.getByRole("button", { name: "Pause" }).click();
    const pausing = page.getByRole("button", { name: "Pausing after this step" });
    await pausing.waitFor();
    expect(await pausing.isDisabled()).toBe(true);
    lab.rounds.advance(1);
    await sample.getByText("paused").waitFor();

    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    lab.rounds.advance(90);
    await sample.getByText("done").waitFor();
  });

  it("goes by its keys: starts, pauses, goes on, and shows them on a sheet", async () => {
    const lab = createFakeLab();
    const { page } = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    await page.keyboard.press("n");
    await stage(page, "Sample").getByText("0 of 120 responses").waitFor();
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Pausing after this step" }).waitFor();
    lab.rounds.advance(1);
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Start the next round").waitFor();
    await page.getByRole("dialog").getByText("Open the live stage").waitFor();
  });

  it("runs to the result: the sentence, the interval, the doubt", async () => {
    const lab = createFakeLab();
    lab.rounds.addDone(2);
    const { page } = await open(lab);
    await page.getByText("Use r2. It wins against r1 and against the first policy.").waitFor();
    await page.getByRole("button", { name: "Start round 3", exact: true }).click();
    lab.rounds.metrics = [];
    for (const units of [120, 1, 44]) lab.rounds.advance(units);
    for (let step = 0; step < 60; step += 1) lab.rounds.advance(1);
    lab.rounds.advance(80);

    await page.getByText("Use r2. Round 3 is not a clear step forward.").waitFor();
    const result = page.getByRole("region", { name: "Result of round 3" });
    await result.getByText("no significant change", { exact: true }).waitFor();
    await result.getByText("52.3 %").waitFor();
    await result.getByText("47.1–57.4").waitFor();
    await result.getByRole("img", { name: "52.3 %, interval 47.1 to 57.4" }).waitFor();
    await page.getByRole("button", { name: "Start round 4", exact: true }).waitFor();

    await page.getByRole("link", { name: "Round 1", exact: true }).click();
    await page.getByRole("heading", { name: "Round 1", exact: true }).waitFor();
    await page.getByRole("link", { name: "Go to round 3" }).click();
    await page.getByRole("heading", { name: "Round 3", exact: true }).waitFor();
  });

  it("starts several rounds at once, says what follows, and lets it be changed", async () => {
    const lab = createFakeLab();
    lab.rounds.addDone(2);
    const { page } = await open(lab);
    await page.getByLabel("Rounds in a row").fill("3");
    await page.getByRole("button", { name: "Start rounds 3 to 5" }).click();
    await page.getByText("Rounds 4 to 5 follow, each when the last is done.").waitFor();
    await page.getByRole("button", { name: "One more" }).click();
    await page.getByText("Rounds 4 to 6 follow, each when the last is done.").waitFor();
    await page.getByRole("button", { name: "End with round 3" }).click();
    await page.getByText("Nothing follows this round by itself.").waitFor();
    await page.getByRole("button", { name: "Start round 4 when it is done" }).click();
    await page.getByText("Round 4 follows when this one is done.").waitFor();
  });

  it("says that a newer version wrote the experiment, over every screen", async () => {
    const lab = createFakeLab({ newer: { schema: 12, known: 9, sentence: "" } });
    lab.rounds.addDone(2);
    const { page } = await open(lab);
    await page.getByText("A newer version of the lab wrote this experiment (schema 12; this one knows 9).").waitFor();
    await pages.look(page, "newer-version");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByText("Only to be looked at.").waitFor();
  });

  it("says what failed and what is kept, and tries again", async () => {
    const lab = createFakeLab();
    const { page } = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).click();
    await stage(page, "Sample").getByText("0 of 120 responses").waitFor();
    lab.publish({ type: "engine.died", deaths: 2, message: "the process ended with signal SIGKILL" });
    await page.getByText("The engine process died, 2 times in a row.").waitFor();
    lab.rounds.fail("the engine died three times in a row: signal SIGKILL");
    await page.getByRole("alert").getByText("The engine died three times in a row: signal SIGKILL.").waitFor();
    expect(await page.getByText("The engine process died").count()).toBe(0);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("asks before a stage is redone, and runs it and those after it anew", async () => {
    const lab = createFakeLab();
    lab.rounds.addDone(1);
    const { page } = await open(lab);
    await page.getByRole("button", { name: "Redo from" }).click();
    await page.getByRole("menuitem", { name: "Train" }).click();
    const dialog = page.getByRole("dialog", { name: "Redo from train" });
    await dialog.getByText("train and evaluate run anew").waitFor();
    await dialog.getByRole("button", { name: "Redo train and evaluate" }).click();
    await stage(page, "Train").getByText("0 of 60 steps").waitFor();
    await stage(page, "Evaluate").getByText("waiting").waitFor();
    await stage(page, "Pair").getByText("done").waitFor();
    lab.rounds.advance(1);
    await stage(page, "Train").getByText("run 2").waitFor();
  });

  it("points people to the comparisons that wait for them", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(3) });
    const { page } = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).click();
    await stage(page, "Sample").getByText("0 of 120 responses").waitFor();
    lab.rounds.advance(120);
    await stage(page, "Judge").getByText("people’s turn").waitFor();
    await page.getByRole("link", { name: "Judge 3 comparisons" }).click();
    await page.getByRole("heading", { name: "Who is judging?" }).waitFor();
  });

  it("says that the lab is away, reads everything anew when it is back, and refuses an old key", async () => {
    const lab = createFakeLab();
    const { page, served } = await open(lab, { isAwayExpected: true });
    await page.getByRole("button", { name: "Start round 1" }).click();
    await stage(page, "Sample").getByText("0 of 120 responses").waitFor();
    await served.goAway();
    await page.getByText("The lab is not answering").waitFor();
    // What happens while nobody hears it.
    lab.rounds.advance(60);
    await served.comeBack();
    await page.getByText("The lab answers again.").waitFor();
    await stage(page, "Sample").getByText("60 of 120 responses").waitFor();
    lab.rounds.advance(5);
    await stage(page, "Sample").getByText("65 of 120 responses").waitFor();

    await served.goAway();
    await page.getByText("The lab is not answering").waitFor();
    await served.comeBack("another-token");
    await page
      .getByRole("button", { name: "Try now" })
      .click({ timeout: 2000 })
      .catch(() => undefined);
    await page.getByRole("heading", { name: "This address is an old one" }).waitFor();
  });

  it("begins with what is missing", async () => {
    const { page } = await open(createFakeLab({ experiment: { policies: [] } }));
    await page.getByText("nashlab policy add PATH -C /home/ada/experiments/short-replies").waitFor();
    const { page: another } = await open(createFakeLab({ experiment: null }));
    await another.getByText("nashlab init", { exact: true }).waitFor();
  });

  /** Opens the page on the rounds. */
  async function open(lab: FakeLab, options: { readonly isAwayExpected?: boolean } = {}): Promise<Awaited<ReturnType<Pages["serve"]>>> {
    return await pages.serve(lab.router, options);
  }
});

function stage(page: Page, name: string): ReturnType<Page["locator"]> {
  return page
    .getByRole("list", { name: /^Stages of round/u })
    .getByRole("listitem")
    .filter({ hasText: name });
}
