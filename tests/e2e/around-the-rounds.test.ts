/** Rounds, Training, Results and Policies around what they are for: while they wait, when nothing is there, when something failed, and taken back. */
import type { Locator, Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { TrainingError } from "#app/base/errors.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { makeCheckpoint, openReadyLab, openTestLab, runRound, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { type HeldSocket, holdSocket } from "#tests/support/held-socket.ts";
import { describeInChromium, USUAL } from "#tests/support/in-chromium.ts";
import { runCommand } from "#tests/support/palette.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

/** Both themes at the usual size, and once more with text at 200 %. */
const LARGE_TOO = { sizes: [USUAL], largeText: true };

describeInChromium("the screens around the rounds", (pages) => {
  it("say what they wait for, and move nothing when it comes", async () => {
    const lab = await openDone(2);
    const { page, held } = await openHeld(lab);

    await goTo(page, "/rounds");
    await waits(page, held, ["rounds.forecast", "rounds.series"], "Reading what the next round takes…", [
      page.getByRole("list", { name: "Stages of round 2" }),
      page.getByRole("region", { name: "Result of round 2" }),
    ]);
    await page.getByRole("region", { name: "Rounds so far" }).waitFor();

    await goTo(page, "/training");
    await waits(page, held, ["training.metrics"], "Reading the training runs…", [page.getByRole("heading", { name: "Training", exact: true })]);
    await page.getByRole("region", { name: "Checkpoints" }).waitFor();

    await goTo(page, "/results");
    const evidence = [page.getByRole("button", { name: "Choose a policy" }), page.getByRole("region", { name: "Everyone against everyone" })];
    const answers = page.getByRole("heading", { name: "r2 against r1, read the answers" });
    await waits(page, held, ["results.examples", "results.chosen"], "Reading the answers…", [...evidence, answers]);
    await page.getByRole("columnheader", { name: "Judged by" }).waitFor();
    held.holdCalls("results.overview");
    await page.reload();
    await page.getByText("Reading the results…").waitFor();
    held.letGo();
    await evidence[0]?.waitFor();
    held.holdCalls("results.comparisonPlan");
    await page.getByRole("button", { name: "Compare everyone" }).click();
    await page.getByRole("dialog").getByText("Counting what it would take…").waitFor();
    held.letGo();
    await page.getByRole("dialog").getByText("Everyone has met everyone.").waitFor();
    await page.keyboard.press("Escape");
    held.holdCalls("results.overview");
    await goTo(page, "/results/cycles");
    await page.reload();
    await page.getByText("Looking for rings in these results…").waitFor();
    expect(await page.getByText("No ring of clear preferences").count()).toBe(0);
    held.letGo();
    await page.getByText("Looking for rings in these results…").waitFor({ state: "detached" });

    await goTo(page, "/policies");
    await waits(page, held, ["policies.describe"], "Reading the policies…", [
      page.getByRole("region", { name: "Policies" }),
      page.getByRole("textbox", { name: "Prompt" }),
    ]);
    await page.getByRole("complementary", { name: "r2" }).getByText("r0, r1, r2").waitFor();
  });

  it("keep their switches in place: the split of the results, and the round whose training is shown", async () => {
    const lab = await openDone(2);
    const { page, held } = await openHeld(lab);
    await goTo(page, "/results");
    await page.getByRole("region", { name: "Everyone against everyone" }).waitFor();
    const test = page.getByRole("button", { name: "Test", exact: true });
    const before = await test.boundingBox();
    await test.click();
    await page.getByText("No evaluation has looked at the test prompts.").waitFor();
    expect(await test.boundingBox()).toEqual(before);

    await goTo(page, "/training");
    const choice = page.getByLabel("Round", { exact: true });
    // Read to its end, with the numbers of the round before: only that round's run is still to be asked for.
    await page.getByRole("region", { name: "Training of round 2" }).getByText("All numbers").waitFor();
    await choice.focus();
    held.holdCalls("training.run");
    await page.keyboard.press("ArrowDown");
    await page.getByText("Reading the training runs…").waitFor();
    expect(await choice.evaluate((element) => document.activeElement === element)).toBe(true);
    held.letGo();
    await page.getByRole("region", { name: "Training of round 1" }).getByText("All numbers").waitFor();
    expect(await choice.evaluate((element) => document.activeElement === element)).toBe(true);
  });

  it("say what is missing and how it is brought, where nothing is there yet", async () => {
    const lab = await openTestLab(tempFolder());
    const { page } = await pages.serve(lab.lab.router);
    for (const screen of ["rounds", "training", "results", "policies"]) {
      await goTo(page, `/${screen}`);
      await page.getByRole("region", { name: "This folder holds no experiment yet" }).getByText("In a terminal: nashlab init").waitFor();
    }
    expect(await page.title()).toBe("Policies · Nash Lab");
    const ready = await openReadyLab({ training: 0 });
    await ready.client.policies.remove({ policy: "r0" });
    const { page: another } = await pages.serve(ready.lab.router);
    await goTo(another, "/policies");
    await another.getByRole("region", { name: "There is no policy yet" }).getByRole("button", { name: "Add the first policy" }).click();
    await another.getByRole("dialog", { name: "Add a policy" }).waitFor();
    await another.keyboard.press("Escape");
    await pages.look(another, "policies-empty", LARGE_TOO);
    for (const [screen, title] of [
      ["training", "Nothing has been trained yet"],
      ["results", "Nothing has been measured yet"],
    ] as const) {
      await goTo(another, `/${screen}`);
      await expect.poll(async () => await another.title()).toBe(`${screen === "training" ? "Training" : "Results"} · Test · Nash Lab`);
      await another
        .getByRole("region", { name: title })
        .getByRole("link", { name: /^Go to/u })
        .waitFor();
      await pages.look(another, `${screen}-empty`, LARGE_TOO);
    }
  });

  it("say why a training stopped, where it is watched too, and go on from there", async () => {
    let failure: (() => Error) | undefined;
    const beforeUnit = ({ kind }: FakeUnit): void => {
      if (kind === "step" && failure !== undefined) throw failure();
    };
    const lab = await openDone(1, { beforeUnit });
    const { page } = await pages.serve(lab.lab.router);
    failure = () => new TrainingError("the loss was not a number");
    await lab.client.rounds.start({});
    expect((await lab.client.rounds.settle()).state).toBe("failed");
    for (const [screen, redo] of [
      ["training", "“Redo from” on Rounds begins a stage anew."],
      ["rounds", "“Redo from” begins a stage anew."],
    ] as const) {
      await goTo(page, `/${screen}`);
      const alert = page.getByRole("alert");
      await alert.getByText("The loss was not a number. What was done until then is kept.").waitFor();
      await alert.getByText(redo).waitFor();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      await pages.look(page, `${screen}-failed`, LARGE_TOO);
    }
    failure = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
    await goTo(page, "/training");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").getByText("The disk is full: make room on it, and go on.").waitFor();
    failure = undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    expect((await lab.client.rounds.settle()).state).toBe("done");
  });

  it("take the deletion of a policy back, and recommend what the results do", async () => {
    const lab = await openDone(2);
    await lab.client.policies.add({ path: makeCheckpoint(lab.folder, "other"), name: "other" });
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/policies?policy=other");
    const recommended = (await lab.client.results.overview({}))?.choice?.recommended;
    const row = page.getByRole("row").filter({ hasText: "recommended" });
    await row.getByRole("link", { name: recommended ?? "none", exact: true }).waitFor();
    expect(await row.count()).toBe(1);

    const removeOther = async (): Promise<void> => {
      await page.getByRole("button", { name: "Delete other…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete other", exact: true }).click();
      await page.getByText("other is out of the list.").waitFor();
    };
    await removeOther();
    const undo = page.getByRole("button", { name: "Undo" });
    expect(await undo.evaluate((button) => document.activeElement === button)).toBe(true);
    await pages.look(page, "policies-deleted", LARGE_TOO);
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "other" }).waitFor();
    expect(await undo.count()).toBe(0);
    await removeOther();
    await page.getByRole("button", { name: "Put this away" }).focus();
    await page.keyboard.press("Control+z");
    await page.getByRole("complementary", { name: "other" }).waitFor();
    await removeOther();
    await runCommand(page, "undo");
    await page.getByRole("complementary", { name: "other" }).waitFor();
    expect((await lab.client.policies.list()).map(({ name }) => name)).toContain("other");
  });

  it("stop a round at once after asking, and go on with nothing lost", async () => {
    let isStuck = true;
    const reached = Promise.withResolvers<undefined>();
    const lab = await openReadyLab(
      { training: 8, validation: 24 },
      {
        beforeUnit: async ({ count }) => {
          if (!isStuck || count < 6) return;
          reached.resolve(undefined);
          await new Promise<never>(() => undefined);
        },
      },
    );
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("button", { name: "Start round 1" }).click();
    await reached.promise;
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Stop at once?" });
    await dialog.getByText("Every response, answer and training checkpoint that was finished is kept").waitFor();
    await pages.look(page, "rounds-stop", LARGE_TOO);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    // The focus was on the way that does nothing.
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await dialog.getByRole("button", { name: "Stop the round" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const kept = lab.db.all("SELECT id FROM current_response ORDER BY id");
    expect(kept).toHaveLength(5);
    isStuck = false;
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(lab.db.all("SELECT id FROM current_response ORDER BY id")).toEqual(expect.arrayContaining([...kept]));
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("have their buttons among the commands of the palette", async () => {
    const lab = await openDone(1);
    const { page } = await pages.serve(lab.lab.router);
    for (const [screen, words, dialog] of [
      ["rounds", "redo from train", "Redo from train"],
      ["results", "compare everyone", "Compare everyone with everyone"],
      ["results", "choose the policy", "Choose the policy to use"],
      ["policies", "add a policy", "Add a policy"],
    ] as const) {
      await goTo(page, `/${screen}`);
      await page.locator("main .actions button").first().waitFor();
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("What do you want to do?").fill(words);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: dialog }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: dialog }).waitFor({ state: "detached" });
    }
  });

  it("lead from every number of the rounds to what it was counted from", async () => {
    const lab = await openDone(2);
    const { page } = await pages.serve(lab.lab.router);
    const result = page.getByRole("region", { name: "Result of round 2" });
    const table = page.getByRole("region", { name: "Rounds so far" });
    await table.waitFor();
    const paths = async (links: Locator): Promise<string[]> =>
      await links.evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).hash)); // they are links
    const answers = (first: string, second: string): string => `#/results?first=${first}&second=${second}`;
    expect(await paths(result.getByRole("link"))).toEqual([
      ...Array<string>(3).fill(answers("r2", "r1")),
      ...Array<string>(3).fill(answers("r2", "r0")),
    ]);
    expect(await paths(table.getByRole("row").nth(1).getByRole("link"))).toEqual([
      "#/rounds?round=2",
      answers("r2", "r1"),
      answers("r2", "r0"),
      "#/judgments?round=2",
      answers("r2", "r1"),
    ]);
    const stages = page.getByRole("list", { name: "Stages of round 2" });
    expect(await paths(stages.getByRole("link"))).toEqual([...Array<string>(3).fill("#/judgments?round=2"), "#/training?round=2", "#/results"]);

    // Pressed, by keyboard: Tab comes to the table once, arrows walk it.
    expect(await result.locator('a[tabindex="0"]').count()).toBe(1);
    await result.getByRole("link").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(":focus", { hasText: "r2 against r0, read the answers" }).waitFor();
    await goTo(page, "/rounds");
    await table.getByRole("row").nth(2).getByRole("link").nth(1).click();
    await page.getByRole("region", { name: "r1 against r0, read the answers" }).waitFor();
    await goTo(page, "/rounds");
    await stages
      .getByRole("link", { name: /: read what was judged in round 2$/u })
      .first()
      .click();
    await page.getByText(/of \d+ judgments$/u).waitFor();
  });

  it("hold at 200 % of text: charts grow with it, and an opened row has both answers", async () => {
    const lab = await openDone(2);
    const { page } = await pages.serve(lab.lab.router);
    for (const screen of ["rounds", "training", "policies", "results"]) {
      await goTo(page, `/${screen}`);
      await page.waitForLoadState("networkidle");
      await pages.look(page, `${screen}-two-rounds`, LARGE_TOO);
    }
    const tick = page.locator(".win-rates .plot svg").first();
    const size = async (): Promise<string> => await tick.evaluate((svg) => getComputedStyle(svg).fontSize);
    expect(await size()).toBe("11px");
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await expect.poll(size).toBe("22px");
    await page.getByRole("button", { name: "Open both responses" }).first().click();
    const { rows } = await lab.client.results.examples({ first: "r2", second: "r1", limit: 1 });
    for (const [name, response] of [
      ["r2", rows[0]?.response],
      ["r1", rows[0]?.opponentResponse],
    ] as const) {
      await page
        .getByRole("region", { name: `Response of ${name}` })
        .getByText(response ?? "none")
        .waitFor();
    }
    await goTo(page, "/training");
    const plot = page.locator(".live-chart .plot").first();
    await plot.locator("canvas").waitFor();
    expect((await plot.boundingBox())?.height).toBe(336);
  });

  async function openDone(rounds: number, engine: Parameters<typeof openReadyLab>[1] = {}): Promise<TestLab> {
    const lab = await openReadyLab({ training: 8, validation: 24 }, engine);
    for (let round = 0; round < rounds; round++) expect((await runRound(lab.client)).state).toBe("done");
    return lab;
  }

  async function openHeld(lab: TestLab): Promise<{ readonly page: Page; readonly held: HeldSocket }> {
    const held = holdSocket();
    const { page } = await pages.serve(lab.lab.router, { prepare: held.prepare });
    return { page, held };
  }
});

/** Reads the page anew with some calls held: the words stand there, and when the answers come none of the parts has moved. */
async function waits(page: Page, held: HeldSocket, methods: readonly string[], words: string, parts: readonly Locator[]): Promise<void> {
  held.holdCalls(...methods);
  await page.reload();
  await page.getByText(words).waitFor();
  for (const part of parts) await part.waitFor();
  // Letters that change their form are no answer that comes late: also not those of a font that nothing has asked for yet.
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map(async (font) => await font.load()));
  });
  const boxes = async (): Promise<unknown[]> => await Promise.all(parts.map(async (part) => await part.boundingBox()));
  // A part that is made anew has no place for a moment.
  const before = await vi.waitFor(async () => {
    const found = await boxes();
    expect(found).not.toContain(null);
    return found;
  });
  held.letGo();
  await page.getByText(words).waitFor({ state: "detached" });
  expect(await boxes()).toEqual(before);
}

/** As a link of the page leads there: the address behind the hash. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, path);
}
