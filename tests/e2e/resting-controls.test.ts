/** What cannot be used says why: under the focus, under the pointer, to those who hear the page; on every screen. */
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { openReadyLab, openTestLab, runRound, SCRIPTED } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const SCREENS = ["rounds", "annotate", "judgments", "training", "results", "policies", "set-up", "settings"] as const;

describeInChromium("controls that rest", (pages) => {
  it("say why under the focus and the pointer, do nothing when they are pressed, and work once the reason is gone", async () => {
    const lab = await openReadyLab();
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "settings");
    const section = page.getByRole("region", { name: "This experiment" });
    const save = section.getByRole("button", { name: "Save", exact: true });
    await save.waitFor();
    const why = "Nothing has been changed.";
    expect(await reasonOf(save)).toBe(why);
    const before = (await lab.client.experiments.get())?.config;

    await section.getByRole("button", { name: "Take back" }).focus();
    await page.keyboard.press("Tab");
    const tip = page.locator(".tip");
    await tip.getByText(why).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    await pages.look(page, "settings-resting", { largeText: true });
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "detached" });
    await save.hover();
    await tip.getByText(why).waitFor();
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: "detached" });
    // Enter in a field presses its form's button, which rests.
    const rate = page.locator(".setting", { hasText: "training.learningRate" }).locator("input");
    await rate.press("Enter");
    await rate.fill("0.00001");
    expect(await reasonOf(save)).toBeNull();
    expect((await lab.client.experiments.get())?.config).toEqual(before);
    await rate.press("Enter");
    await section.getByText("Saved. The next run uses them.").waitFor();
    expect((await lab.client.experiments.get())?.config.training.learningRate).toBe(0.000_01);
  });

  it("keep their width while what they began goes on, and say that alone", async () => {
    const { page } = await pages.serve((await openReadyLab()).lab.router);
    await goTo(page, "settings");
    expect(await looksAround(page, "Make a backup")).toEqual({ labels: ["Make a backup", "Copying", "Make a backup"], widths: 1 });
    expect(await looksAround(page, "Look again")).toEqual({ labels: ["Look again", "Looking at this machine…", "Look again"], widths: 1 });
  });

  it("say why on every screen, before anything is there and after a round", async () => {
    const empty = await openTestLab(tempFolder());
    await empty.client.experiments.create({ name: "Empty", config: experimentConfigSchema.parse(SCRIPTED) });
    const ready = await openReadyLab({ config: SCRIPTED });
    await runRound(ready.client);
    let resting = 0;
    for (const { lab } of [empty, ready]) {
      const { page } = await pages.serve(lab.router);
      for (const screen of SCREENS) {
        await goTo(page, screen);
        await page.waitForLoadState("networkidle");
        await page.locator("[role=status]", { hasText: /…$/u }).first().waitFor({ state: "detached" });
        const found = await controlsAtRest(page);
        resting += found.length;
        expect([screen, found.filter(({ why }) => why === "").map(({ name }) => name)]).toEqual([screen, []]);
      }
    }
    expect(resting).toBeGreaterThan(8);
  });
});

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole("link", { name: "Rounds" }).first().waitFor();
  await page.evaluate((name) => {
    location.hash = `#/${name}`;
  }, screen);
  await page.locator("main h1").first().waitFor();
}

/** The labels that a button shows from before its press until its work is done, and how many widths it has meanwhile. */
async function looksAround(page: Page, name: string): Promise<{ readonly labels: readonly string[]; readonly widths: number }> {
  const button = page.getByRole("button", { name, exact: true });
  const seen = await button.evaluateHandle((element: HTMLElement) => {
    const looks: { label: string; width: number }[] = [];
    const look = (): void => void looks.push({ label: element.innerText.trim(), width: element.getBoundingClientRect().width });
    look();
    new MutationObserver(look).observe(element, { attributeFilter: ["data-busy"] });
    return looks;
  });
  await button.click();
  await page.waitForFunction((looks) => looks.length > 2, seen);
  const looks = await seen.jsonValue();
  return { labels: looks.map(({ label }) => label), widths: new Set(looks.map(({ width }) => width)).size };
}

/** What is read out beside its name; null of one that can be used. */
async function reasonOf(button: Locator): Promise<string | null> {
  return await button.evaluate((element) => {
    if (element.getAttribute("aria-disabled") !== "true") return null;
    return document.getElementById(element.getAttribute("aria-describedby") ?? "")?.textContent ?? "";
  });
}

type Resting = { readonly name: string; readonly why: string };

/** All of a page that cannot be used, with why; a busy button says it in its label. */
async function controlsAtRest(page: Page): Promise<readonly Resting[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(":disabled, [aria-disabled=true]")].map((element): Resting => {
      const told = document.getElementById(element.getAttribute("aria-describedby") ?? "")?.textContent ?? "";
      const label = `${element.getAttribute("aria-label") ?? ""}${element.textContent}`;
      return { name: element.outerHTML.slice(0, 160), why: element.dataset["busy"] === undefined ? told : label };
    }),
  );
}
