/** The ledger while it is empty, read, filtered, unreachable or wrongly addressed; and corrections that are taken back. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { holdSocket } from "#tests/support/held-socket.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

const NOISY = { ...SCRIPTED, oracle: { kind: "targetLength", target: 10, unit: "characters", noise: 0.5 } };

describeInChromium("the states of the ledger", (pages) => {
  it("leads on from a ledger without a judgment, and from one without lists", async () => {
    const lab = await openReadyLab({ training: 4, validation: 2 });
    const { page } = await pages.serve(lab.lab.router);
    await open(page);
    await page.getByRole("heading", { name: "Nothing has been judged yet" }).waitFor();
    await goTo(page, "/judgments?lists=true");
    await page.getByRole("link", { name: "Show the judgments" }).click();
    await page.getByRole("link", { name: "Go to Rounds" }).click();
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
  });

  it("moves nothing when what was asked for comes, and keeps rows on screen until others are there", async () => {
    const lab = await openJudged();
    const held = holdSocket();
    const { page } = await pages.serve(lab.lab.router, { prepare: held.prepare });
    await page.getByRole("link", { name: "Judgments" }).waitFor();
    await page
      .getByText(/^Round 1/u)
      .first()
      .waitFor();
    held.hold();
    await open(page);
    await page.getByText(/^(Asking the lab|Reading .* judgments)…$/u).waitFor();
    const before = await placesOf(page);
    held.letGo();
    await page.locator(".ledger-row[aria-rowindex='2']").waitFor();
    expect(await placesOf(page)).toEqual(before);

    const { total, disputed } = await lab.client.judgments.facets();
    held.hold();
    await page.getByRole("button", { name: `Disputes ${disputed}` }).click();
    await page.getByText(`Reading ${total} judgments…`).waitFor();
    expect(await page.locator(".ledger-row").count()).toBeGreaterThan(5);
    held.letGo();
    await page.getByText(`${2 * disputed} of ${total} judgments`).waitFor();
    expect(await placesOf(page)).toEqual(before);
  });

  it("takes all filters off with one button, the search among them", async () => {
    const lab = await openJudged();
    const { page } = await pages.serve(lab.lab.router);
    await open(page);
    const { total } = await lab.client.judgments.facets();
    await page.getByText(`${total} of ${total} judgments`).waitFor();
    await page.getByRole("button", { name: "In force" }).click();
    const search = page.getByLabel("Search prompts, responses and reasons");
    await search.fill("no such words");
    await page.getByRole("heading", { name: "No judgment fits these filters" }).waitFor();
    await page.getByRole("button", { name: "Take all filters off" }).click();
    await page.getByText(`${total} of ${total} judgments`).waitFor();
    expect(await search.inputValue()).toBe("");
    // From the palette too, with rows on screen.
    await search.fill("prompt 1");
    await page
      .getByText(/^\d+ of \d+ judgments$/u)
      .and(page.locator(`:not(:text("${total} of"))`))
      .waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("What do you want to do?").fill("filters off");
    await page.keyboard.press("Enter");
    await page.getByText(`${total} of ${total} judgments`).waitFor();
    expect(await search.inputValue()).toBe("");
  });

  it("can be closed where an address names no judgment, and is read again once the lab answers", async () => {
    const lab = await openJudged();
    const { page, served } = await pages.serve(lab.lab.router, { isAwayExpected: true });
    await goTo(page, "/judgments?open=0190a000-0000-7000-8000-00000000dead");
    await page.getByText("There is no judgment 0190a000").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("There is no judgment 0190a000").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor({ state: "detached" });

    await served.goAway();
    await page.getByText("The lab is not answering").first().waitFor();
    await page.getByRole("button", { name: "In force" }).click();
    await page.getByRole("alert").getByText("The lab is not answering.").waitFor();
    await pages.look(page, "judgments-away", { schemes: ["light"] });
    await served.comeBack();
    await page.getByText(/^\d+ of \d+ judgments$/u).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("takes a correction back, and opens a dispute again that was left as it is", async () => {
    const lab = await openJudged();
    const { page } = await pages.serve(lab.lab.router, {
      prepare: async (one) => {
        await one.addInitScript(() => {
          localStorage.setItem("nashlab.author", "Ada");
        });
      },
    });
    await open(page);
    await page.locator(".ledger-row[aria-rowindex='2']").waitFor();
    const live = (): unknown => lab.db.all("SELECT ask_id, author_id, verdict FROM current_judgment ORDER BY ask_id, author_id");
    const before = live();
    const { disputed } = await lab.client.judgments.facets();
    await page.keyboard.press("]");
    await page.getByRole("button", { name: /^Correct /u }).click();
    await page.getByLabel("Both bad").check();
    await page.getByRole("button", { name: "Keep the correction" }).click();
    await page.getByText("Corrected. The old one is kept.").waitFor();
    expect(live()).not.toEqual(before);
    await pages.look(page, "judgments-corrected", { schemes: ["light"], largeText: true });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("The correction is taken back.").waitFor();
    expect(live()).toEqual(before);

    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Leave as it is" }).click();
    await page.getByText("Left as it is.").waitFor();
    expect((await lab.client.judgments.facets()).disputed).toBe(disputed - 1);
    await page.keyboard.press("Control+z");
    await page.getByText("The dispute is open again.").waitFor();
    expect((await lab.client.judgments.facets()).disputed).toBe(disputed);
    expect(violationsOf(lab.db)).toEqual([]);
  });
});

async function openJudged(): Promise<TestLab> {
  const lab = await openReadyLab({ config: NOISY, training: 20, validation: 2 });
  await runRound(lab.client, "judge");
  return lab;
}

async function open(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Judgments" }).first().click();
}

async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = `#${wanted}`;
  }, path);
}

/** Where the parts of the screen stand that must not move, in pixels from above. */
async function placesOf(page: Page): Promise<Readonly<Record<string, number>>> {
  return await page.evaluate(() =>
    Object.fromEntries(
      [".top", ".ledger-filters", ".ledger-filters .search", ".ledger-foot"].map((selector) => [
        selector,
        document.querySelector(selector)?.getBoundingClientRect().top ?? -1,
      ]),
    ),
  );
}
