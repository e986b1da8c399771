/** Annotating in a browser: what was pressed is what the lab holds, through undo, reload and a lab that goes away. */
import { expect, it } from "vitest";
import type { Verdict } from "#app/domain/verdict.ts";
import { askOnScreen, judge, judgeThirty, type Meant, pressAt, PRESSES, sitDown } from "#tests/support/annotator.ts";
import { PATIENCE_MS } from "#tests/support/browser.ts";
import { describeInChromium, type Pages } from "#tests/support/in-chromium.ts";
import { HOSTILE, NIGHTLY_COPY, shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab, type FakeLab } from "#tests/support/fake-lab.ts";

/** What that means in the stored order, in which the texts of `shortComparisons` say which they are. */
function storedAs(meant: ReadonlyMap<string, Meant>): ReadonlyMap<string, Verdict> {
  return new Map(
    [...meant].map(([askId, { verdict, left }]): [string, Verdict] => {
      if (verdict.kind === "skip") return [askId, { kind: "abstains" }];
      if (verdict.kind !== "prefers") return [askId, verdict];
      const isFirst = /\(\d+ first\)/u.test(left) === (verdict.side === "left");
      return [askId, { kind: "prefers", winner: isFirst ? "first" : "second", strength: verdict.strength }];
    }),
  );
}

describeInChromium("annotating in a browser", (pages) => {
  it("labels 30 comparisons by keyboard, with an undo and a reload in the middle", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(30) });
    const { page } = await begin(lab);
    const meant = await judgeThirty(page, (shown, wanted) => {
      expect(shown).toBe(wanted);
    });
    await page.getByText("No comparisons are waiting").waitFor();
    await page.getByText("All saved").waitFor();

    expect(new Map(lab.queue.verdicts())).toEqual(storedAs(meant));
    expect(meant.size).toBe(30);
    // 30 presses and the one that the undo took back: nothing was sent twice.
    expect(lab.queue.taken).toHaveLength(31);
  });

  it("keeps verdicts while the lab is away and sends each once when it is back", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(12) });
    const { page, served } = await begin(lab, { isAwayExpected: true });
    const meant = new Map<string, Meant>();

    let asked = await judge(page, "", pressAt(0), meant);
    await page.getByText("All saved").waitFor();
    await served.goAway();
    await page.getByText("The lab is not answering").waitFor();
    for (const press of PRESSES.slice(1, 5)) asked = await judge(page, asked, press, meant);
    await page.getByText("Your last 4 verdicts are kept here").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("undo has to wait").waitFor();
    expect(lab.queue.taken).toHaveLength(1);

    await served.comeBack();
    await page.getByText("The lab answers again").waitFor();
    for (const press of PRESSES.slice(5, 12)) asked = await judge(page, asked, press, meant);
    await page.getByText("No comparisons are waiting").waitFor();
    await page.getByText("All saved").waitFor();

    expect(new Map(lab.queue.verdicts())).toEqual(storedAs(meant));
    expect(lab.queue.taken).toHaveLength(12);
  });

  it("sends what a closed page left behind, from whatever screen the next one opens on", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(6) });
    const { page, served, context } = await begin(lab, { isAwayExpected: true });
    const meant = new Map<string, Meant>();

    await page.locator("[data-ask]").waitFor();
    await served.goAway();
    await page.getByText("The lab is not answering").waitFor();
    const asked = await judge(page, "", pressAt(2), meant);
    await judge(page, asked, pressAt(1), meant);
    await page.getByText("Your last 2 verdicts are kept here").waitFor();
    await page.close();
    await served.comeBack();

    const later = await context.newPage();
    await later.goto(served.url);
    await later.getByRole("heading", { name: "Rounds" }).waitFor();
    await expect.poll(() => lab.queue.taken.length, { timeout: PATIENCE_MS }).toBe(2);
    expect(new Map(lab.queue.verdicts())).toEqual(storedAs(meant));
  });

  it("says that a verdict was not taken when someone else was first", async () => {
    const lab = createFakeLab({ comparisons: shortComparisons(4) });
    const { page } = await begin(lab);
    const asked = await askOnScreen(page, "");
    lab.queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: asked, verdict: { kind: "tie" } });
    await page.keyboard.press("ArrowLeft");
    await page.getByText("A verdict was not taken.").waitFor();
    expect(lab.queue.verdicts().get(asked)).toEqual({ kind: "tie" });
    expect(await page.getByText("All saved").isVisible()).toBe(true);
  });

  it("shows nothing that leads, and nothing in a response runs, loads or links", async () => {
    const lab = createFakeLab({ comparisons: [HOSTILE] });
    const { page, requests } = await begin(lab);
    await askOnScreen(page, "");
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(await page.locator(".read :is(a, img, script, input, iframe)").count()).toBe(0);
    expect(await page.locator(".read .katex").count()).toBe(1);
    expect(await page.getByText("It costs $5 or $6, and").count()).toBe(1);
    expect(requests.filter((url) => url.includes(":9/"))).toEqual([]);
    expect(await page.locator(".comparison").innerText()).not.toMatch(/SmolLM2|r1|token|\d words/iu);
  });

  it("reads a long line of code by arrow keys, and begins every prompt at its beginning", async () => {
    const [usual, ...others] = shortComparisons(3);
    if (usual === undefined) throw new Error("expected a comparison");
    const messages = [{ role: "user" as const, content: "A line of a long question.\n".repeat(60) }];
    const code = `\`\`\`\n${"x".repeat(300)}\n\`\`\``;
    const lab = createFakeLab({ comparisons: [{ ...usual, messages, first: code }, ...others.map((one) => ({ ...one, messages }))] });
    const { page } = await begin(lab);
    const asked = await askOnScreen(page, "");
    const prompt = page.locator(".prompt");
    const placeOf = async (selector: string): Promise<readonly [number, number]> =>
      await page
        .locator(selector)
        .first()
        .evaluate((element) => [element.scrollLeft, element.scrollTop] as const);
    const tabTo = async (selector: string): Promise<void> => {
      while (
        !(await page
          .locator(selector)
          .first()
          .evaluate((element) => element === document.activeElement))
      )
        await page.keyboard.press("Tab");
    };
    await tabTo(".prompt");
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => (await placeOf(".prompt"))[1], { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    await tabTo(".read pre");
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await placeOf(".read pre"))[0], { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(async () => (await placeOf(".read pre"))[0], { timeout: PATIENCE_MS }).toBe(0);
    await page.keyboard.press("ArrowLeft");
    expect(await askOnScreen(page, "")).toBe(asked);
    // Where nothing scrolls, a key is a verdict as ever.
    await page.keyboard.press("ArrowUp");
    await askOnScreen(page, asked);
    expect(await prompt.evaluate((element) => element.scrollTop)).toBe(0);
    await page.getByText("All saved").waitFor();
    expect(lab.queue.taken.map(({ verdict }) => verdict.kind)).toEqual(["tie"]);
  });

  it("opens the keys with ?, rests while it is open, and gives the keys back", async () => {
    const lab = createFakeLab({ comparisons: [NIGHTLY_COPY, ...shortComparisons(2)] });
    const { page } = await begin(lab);
    const asked = await askOnScreen(page, "");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    expect(await askOnScreen(page, "")).toBe(asked);
    expect(lab.queue.taken).toHaveLength(0);

    await page.keyboard.press("c");
    await page.getByText("Everything below /var/log/app, about 300 files.", { exact: true }).waitFor();
    await page.keyboard.press("p");
    await page.getByText("The sitting is paused").waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("p");
    await page.getByText("The sitting is paused").waitFor({ state: "hidden" });
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => lab.queue.taken.map((kept) => kept.askId), { timeout: PATIENCE_MS }).toEqual([asked]);
  });

  /** A person opens the page, goes to Annotate and gives a name. */
  async function begin(lab: FakeLab, options: { readonly isAwayExpected?: boolean } = {}): Promise<Awaited<ReturnType<Pages["serve"]>>> {
    const opened = await pages.serve(lab.router, options);
    await sitDown(opened.page, "Ada");
    return opened;
  }
});
