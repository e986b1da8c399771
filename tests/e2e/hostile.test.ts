/** Hostile prompts and responses: nothing in them runs, loads or leads away, and the screen stays usable. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { LabRouter } from "#main/lab/lab.ts";
import { askOnScreen, sitDown } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";
import type { FakeComparison } from "#tests/support/fake-queue.ts";
import { HARMFUL, type HarmWatch, HOSTILE_TEXTS, watchForHarm } from "#tests/support/hostile-pages.ts";

describeInChromium("hostile texts", (pages) => {
  it.each(Object.keys(HOSTILE_TEXTS))("of the kind “%s” run nothing, load nothing and leave the screen usable", async (kind) => {
    const text = HOSTILE_TEXTS[kind] ?? "";
    const hostile: FakeComparison = {
      askId: "ask-hostile",
      messages: [
        { role: "user", content: text },
        { role: "assistant", content: text },
        { role: "user", content: text },
      ],
      first: text,
      second: "A short answer.",
      isSwapped: false,
    };
    const lab = createFakeLab({ comparisons: [hostile, ...shortComparisons(2)] });
    const { page, requests, harm } = await begin(lab.router);
    const asked = await askOnScreen(page, "");
    await page.locator(".sheet.left .end-mark").waitFor();
    // Both ways to read it, earlier turns, and a step of scrolling.
    for (const key of ["c", "d", "d", "j"]) await page.keyboard.press(key);
    expect(await page.locator(`.comparison ${HARMFUL}`).count()).toBe(0);
    await harm.expectNone(page, requests, kind);
    const verdicts = page.getByRole("group", { name: "Verdict" });
    expect(await verdicts.isVisible()).toBe(true);
    await page.keyboard.press("ArrowRight");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    expect(lab.queue.verdicts().get("ask-hostile")).toEqual({ kind: "prefers", winner: "second", strength: "slight" });
    await harm.expectNone(page, requests, kind);
  });

  it("with overrides of the reading order show them by name, and right-to-left writing reads from the right", async () => {
    const text = HOSTILE_TEXTS["right-to-left overrides"] ?? "";
    const lab = createFakeLab({
      comparisons: [{ askId: "ask-bidi", messages: [{ role: "user", content: text }], first: text, second: text, isSwapped: false }],
    });
    const { page } = await begin(lab.router);
    await askOnScreen(page, "");
    await page.locator(".sheet.left").getByText("The password is [RLO]txet neddih[PDF]").waitFor();
    const direction = await page.locator(".sheet.left p", { hasText: "שלום" }).evaluate((element) => getComputedStyle(element).direction);
    expect(direction).toBe("rtl");
    expect(await page.locator(".dock").evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
  });

  type Sitting = { readonly page: Page; readonly requests: readonly string[]; readonly harm: HarmWatch };

  async function begin(router: LabRouter): Promise<Sitting> {
    const harm = watchForHarm();
    const { page, requests } = await pages.serve(router, { prepare: harm.prepare });
    await sitDown(page, "Ada");
    return { page, requests, harm };
  }
});
