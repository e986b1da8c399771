/** The whole loop by keyboard only: start a round, judge it, read what came of it, without one event of a mouse. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openReadyLab, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { askOnScreen, PRESSES } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { runCommand } from "#tests/support/palette.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 } } as const;
/** Fewer than this many presses of Tab reach everything on a page. */
const MOST_TABS = 250;

describeInChromium("the whole loop by keyboard only", (pages) => {
  it("goes from the start of a round to its results, with a key of the person's own", async () => {
    const lab = await openReadyLab({ config: PEOPLE, training: 6, validation: 4 });
    const { page } = await pages.serve(lab.lab.router, { prepare: watchMouse });
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    await runCommand(page, "start round 1");
    await page.getByRole("link", { name: /^Judge \d+ comparisons/u }).waitFor();

    // Another key for a tie: what another row has is refused, what is free is kept, and shown where it holds.
    await page.keyboard.press("Control+,");
    await tabTo(page, "Change the key for Tie");
    await page.keyboard.press("Enter");
    await page.keyboard.press("f");
    await page.getByText("F is the key of “Flag for later”.").waitFor();
    await page.keyboard.press("Control+t");
    await page.getByText("Browsers keep Ctrl T for themselves.").waitFor();
    await page.keyboard.press("Backspace");
    await page.getByText("Backspace is not given to anything here").waitFor();
    await page.keyboard.press("x");
    await page.getByText("“Tie” has its new key.").waitFor();

    await page.keyboard.press("Control+2");
    await page.getByLabel("Your name").waitFor();
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    const first = await askOnScreen(page, "");
    await page.getByRole("button", { name: "Tie" }).getByText("X", { exact: true }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("Left is much better").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("x");
    await askOnScreen(page, first);
    await page.getByText("All saved").waitFor();
    expect(lab.db.all("SELECT ask_id, verdict FROM current_judgment")).toEqual([{ ask_id: first, verdict: "tie" }]);
    await judgeAll(lab, page, first);

    await page.keyboard.press("Control+1");
    await page.getByRole("button", { name: "Start round 2", exact: true }).waitFor();
    const results = await lab.client.results.overview({});
    await page.keyboard.press("Control+5");
    await page.getByText(results?.choice?.headline ?? "no headline", { exact: true }).waitFor();
    await page.keyboard.press("t");
    await page.getByRole("button", { name: "Show as chart" }).waitFor();
    // Cells are walked with arrows; Enter opens the answers behind one, and the focus goes there.
    await tabTo(page, "beats");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowLeft");
    const cell = (await page.locator(":focus").getAttribute("aria-label")) ?? "";
    const [, winner = "", loser = ""] = /^\d+\. (\S+) beats (\S+):/u.exec(cell) ?? [];
    expect([winner, loser]).toEqual(["r1", "r0"]);
    await page.keyboard.press("Enter");
    await page.locator(":focus", { hasText: `${winner} against ${loser}, read the answers` }).waitFor();
    await page.keyboard.press("e");
    await page.getByRole("menuitem", { name: "Orders that disagree as CSV" }).waitFor();
    await page.keyboard.press("Escape");

    await page.keyboard.press("Control+3");
    await page.getByText(/of \d+ judgments/u).waitFor();
    await tabTo(page, "", ".ledger");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("prompt 1");
    await page.getByText(/^\d+ of \d+ judgments$/u).waitFor();

    await page.keyboard.press("Control+,");
    await tabTo(page, "Back to the usual keys");
    await page.keyboard.press("Enter");
    await page.getByText("All keys are the usual ones again.").waitFor();
    expect(await page.evaluate(() => (window as unknown as { readonly mouse: readonly string[] }).mouse)).toEqual([]);
    expect(violationsOf(lab.db)).toEqual([]);
  });
});

/** Notes every event that only a mouse, a pen or a finger makes. */
async function watchMouse(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const mouse: string[] = [];
    Object.assign(window, { mouse });
    for (const type of ["mousedown", "pointerdown", "touchstart", "wheel", "dblclick"]) window.addEventListener(type, () => mouse.push(type), true);
  });
}

/** Presses Tab until the focus is on what is called so, or fits the selector. */
async function tabTo(page: Page, name: string, selector = "button, a"): Promise<void> {
  for (let i = 0; i < MOST_TABS; i += 1) {
    await page.keyboard.press("Tab");
    const isThere = await page.evaluate(
      ([wanted, fits]) => {
        const focused = document.activeElement;
        return focused !== null && focused.matches(fits) && `${focused.getAttribute("aria-label") ?? ""} ${focused.textContent}`.includes(wanted);
      },
      [name, selector] as const,
    );
    if (isThere) return;
  }
  throw new Error(`expected ${MOST_TABS} presses of Tab to reach ${name === "" ? selector : name}`);
}

/** Judges what comes until the round is done: the training comparisons, and after them the held-out ones. */
async function judgeAll({ client }: TestLab, page: Page, answered: string): Promise<void> {
  // The key for a tie was changed above.
  const presses = PRESSES.filter(({ verdict }) => verdict.kind !== "tie");
  let asked = answered;
  for (let i = 0; (await client.rounds.settle()).state !== "done"; i += 1) {
    asked = await askOnScreen(page, asked);
    await page.keyboard.press(presses[i % presses.length]?.key ?? "1");
    await page.getByText("All saved").waitFor();
  }
}
