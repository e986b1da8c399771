/** What surrounds a sitting: its bar with long names, the palette, the pause, and its end while nothing was judged or the lab is away. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { StoreError } from "#app/base/errors.ts";
import { askOnScreen, sitDown } from "#tests/support/annotator.ts";
import { shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";
import { holdSocket } from "#tests/support/held-socket.ts";
import { describeInChromium, NARROW, SMALL, USUAL } from "#tests/support/in-chromium.ts";
import { runCommand } from "#tests/support/palette.ts";

const LONG = "A name that somebody has given without thinking of any width, and which goes on and on until nobody reads it any more";

describeInChromium("what surrounds a sitting", (pages) => {
  it("keeps the parts of the bar apart, however long the names are", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4), experiment: { name: LONG } });
    const { page } = await pages.serve(lab.router);
    await sitDown(page, LONG);
    await askOnScreen(page, "");
    for (const size of [USUAL, SMALL, NARROW]) {
      await page.setViewportSize(size);
      expect([size.name, await overlapsIn(page, ".sitting-bar :is(h1, .crumb, .medium, .bar, .in-sitting, [data-saved], .btn)")]).toEqual([
        size.name,
        [],
      ]);
    }
  });

  it("moves nothing when the names of others come", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const [first] = lab.queue.next("Ben", 1).comparisons;
    lab.queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: first?.askId ?? "", verdict: { kind: "tie" } });
    const held = holdSocket();
    const { page } = await pages.serve(lab.router, { prepare: held.prepare });
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    held.hold();
    await page.getByRole("link", { name: "Annotate" }).click();
    const field = page.getByLabel("Your name");
    const before = await field.boundingBox();
    held.letGo();
    await page.getByRole("button", { name: "Ben 1 judgment" }).waitFor();
    expect(await field.boundingBox()).toEqual(before);
  });

  it("says why comparisons cannot be fetched, and goes on by itself when they can", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const { next } = lab.queue;
    Object.assign(lab.queue, {
      next: () => {
        throw new StoreError("the disk is full: make room on it, and go on");
      },
    });
    const { page } = await pages.serve(lab.router);
    await sitDown(page, "Ada");
    await page.getByText("Fetching comparisons…").waitFor();
    await page.getByRole("alert").getByText("The disk is full: make room on it, and go on. It is tried again.").waitFor();
    Object.assign(lab.queue, { next });
    await askOnScreen(page, "");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("offers all of a sitting in the palette, and what is opened from there has the focus", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4), guidelines: "Prefer what helps." });
    const { page } = await pages.serve(lab.router);
    await sitDown(page, "Ada");
    const first = await askOnScreen(page, "");
    await runCommand(page, "reason");
    await page.getByRole("dialog", { name: "Why?" }).locator("textarea:focus").waitFor();
    // Letters that are keys of verdicts and of the screen, were they not typed.
    await page.keyboard.type("1 p d 2");
    expect(await page.getByLabel("Reason in words").inputValue()).toBe("1 p d 2");
    await page.keyboard.press("Escape");
    await runCommand(page, "guidelines");
    await page.getByRole("dialog", { name: "Guidelines" }).getByText("Prefer what helps.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Guidelines" }).waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.locator(".palette-action", { hasText: "Flag for later" }).getByText("F", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    // Esc gives the focus back to the pair, and a key is one verdict.
    await page.keyboard.press("ArrowLeft");
    const second = await askOnScreen(page, first);
    await runCommand(page, "skip");
    const third = await askOnScreen(page, second);
    await runCommand(page, "undo");
    expect(await askOnScreen(page, third)).toBe(second);
    await page.getByText("All saved").waitFor();
    expect(lab.queue.taken.map(({ verdict }) => verdict.kind)).toEqual(["prefers", "skip"]);
    await runCommand(page, "end sitting");
    await page.getByText("End of sitting").waitFor();
  });

  it("lets neither the next pair nor a key of the page take anything from an open palette", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const held = holdSocket();
    const { page } = await pages.serve(lab.router, { prepare: held.prepare });
    await sitDown(page, "Ada");
    const first = await askOnScreen(page, "");
    await page.keyboard.press("ArrowLeft");
    const second = await askOnScreen(page, first);
    await page.getByText("All saved").waitFor();
    // The step back waits for the lab, so that its pair comes while the palette is open.
    held.hold();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+k");
    await page.locator("input:focus").waitFor();
    held.letGo();
    expect(await askOnScreen(page, second)).toBe(first);
    expect(await page.locator("input:focus").count()).toBe(1);
    // As in the moment between the palette's key and the focus of its field.
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await page.keyboard.press("ArrowRight");
    await page.getByPlaceholder("What do you want to do?").press("Escape");
    await page.getByPlaceholder("What do you want to do?").waitFor({ state: "detached" });
    expect(await askOnScreen(page, "")).toBe(first);
    await page.keyboard.press("ArrowUp");
    await askOnScreen(page, first);
    await page.getByText("All saved").waitFor();
    expect(lab.queue.taken.map(({ verdict }) => verdict.kind)).toEqual(["prefers", "tie"]);
  });

  it("keeps the reason panel within itself in a narrow window and at 200 %, with the sides in sight above it", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const { page } = await pages.serve(lab.router);
    await sitDown(page, "Ada");
    await askOnScreen(page, "");
    await page.keyboard.press("r");
    const panel = page.getByRole("dialog", { name: "Why?" });
    await panel.waitFor();
    const expectWithin = async (where: string): Promise<void> => {
      const box = await panel.boundingBox();
      const field = await panel.getByLabel("Reason in words").boundingBox();
      const side = await page.locator(".sheet.left h2").boundingBox();
      if (box === null || field === null || side === null) throw new Error("expected a panel with a field, and a side");
      expect([where, field.x + field.width < box.x + box.width, side.y + side.height < box.y]).toEqual([where, true, true]);
    };
    await expectWithin("usual");
    await page.setViewportSize(NARROW);
    await expectWithin("narrow");
    await page.setViewportSize(USUAL);
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await expectWithin("text-200");
  });

  it("keeps the focus on the way back while a pair is covered", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const { page } = await pages.serve(lab.router);
    await sitDown(page, "Ada");
    await askOnScreen(page, "");
    await page.keyboard.press("p");
    await page.getByRole("dialog", { name: "The sitting is paused" }).waitFor();
    for (const key of ["Tab", "Shift+Tab", "Tab"]) {
      await page.keyboard.press(key);
      expect(await page.locator(":focus").innerText()).toContain("Go on");
    }
    await page.mouse.click(700, 300);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "The sitting is paused" }).waitFor({ state: "detached" });
  });

  it("says that nothing was judged, and what a sitting without a lab waits for, with a way back from both", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(6) });
    const { page, served } = await pages.serve(lab.router, { isAwayExpected: true });
    await sitDown(page, "Ada");
    const first = await askOnScreen(page, "");
    await page.getByRole("button", { name: "End sitting" }).click();
    await page.getByRole("heading", { name: "Nothing was judged in this sitting" }).waitFor();
    await pages.look(page, "annotate-nothing-judged", { schemes: ["light"], largeText: true });
    await page.keyboard.press("Enter");
    expect(await askOnScreen(page, "")).toBe(first);

    await served.goAway();
    await page.getByText("The lab is not answering").waitFor();
    await page.keyboard.press("ArrowLeft");
    const second = await askOnScreen(page, first);
    await page.keyboard.press("ArrowRight");
    const third = await askOnScreen(page, second);
    await page.getByRole("button", { name: "End sitting" }).click();
    await page.getByText("2 verdicts wait for the lab. They are kept here").waitFor();
    await pages.look(page, "annotate-end-away", { schemes: ["light"], largeText: true });
    await page.getByRole("button", { name: "Back to the comparisons" }).click();
    expect(await askOnScreen(page, "")).toBe(third);
    await served.comeBack();
    await page.getByText("All saved").waitFor();
    expect(lab.queue.taken.map(({ askId }) => askId)).toEqual([first, second]);
    // The sitting that was left waiting did not end behind the person's back.
    expect(await page.locator("[data-ask]").count()).toBe(1);
  });
});

/** Which two of the elements lie over each other, in words. */
async function overlapsIn(page: Page, selector: string): Promise<readonly string[]> {
  return await page.evaluate((wanted) => {
    const shown = [...document.querySelectorAll(wanted)].flatMap((element) => {
      const box = element.getBoundingClientRect();
      return box.width === 0 ? [] : [{ name: element.className || element.tagName, box }];
    });
    return shown.flatMap(({ name, box }, i) =>
      shown.slice(i + 1).flatMap((other) => (other.box.left < box.right - 1 && box.left < other.box.right - 1 ? [`${name} over ${other.name}`] : [])),
    );
  }, selector);
}
