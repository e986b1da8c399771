/** All of Annotate and Judgments on a whole lab: reasons, criteria, diff, flags, own keys, practice, the summary, corrections, disputes. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { counted } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";
import { openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { askOnScreen, sitDown } from "#tests/support/annotator.ts";
import { PATIENCE_MS } from "#tests/support/browser.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

function people(more: Readonly<Record<string, unknown>> = {}) {
  return { ...SCRIPTED, oracle: { kind: "people", guidelines: "Prefer what helps.", ...more }, sampling: { responsesPerPrompt: 2 } };
}

describeInChromium("all of Annotate on a whole lab", (pages) => {
  it("counts the time at work once, also after a look at another screen", async () => {
    const lab = await openReadyLab({ config: people(), training: 3, validation: 1 });
    await runRound(lab.client, "judge");
    const { page } = await pages.serve(lab.lab.router, {
      prepare: async (opened) => {
        await opened.clock.install();
      },
    });
    await sitDown(page, "Ada");
    const asked = await askOnScreen(page, "");
    await page.clock.fastForward(200_000);
    await page.keyboard.press("ArrowLeft");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    await page.clock.fastForward(20_000);
    const bar = page.locator(".sitting-bar .middle");
    await expect.poll(async () => await bar.innerText(), { timeout: PATIENCE_MS }).toContain("3\u00a0min");
    await page.getByRole("link", { name: "Results" }).click();
    await page.getByRole("heading", { name: "Results" }).first().waitFor();
    await page.getByRole("link", { name: "Annotate" }).click();
    await askOnScreen(page, "");
    expect(await bar.innerText()).toContain("3\u00a0min");
  });

  it("keeps reasons, criteria and drafts through a reload, and rests its keys while one types", async () => {
    const { lab, page, asked } = await satDown(6, { criteria: ["Correct", "Helpful"] });
    await page.keyboard.press("r");
    await page.getByRole("dialog", { name: "Why?" }).waitFor();
    await page.keyboard.type("12 better 0 d Backspace");
    await page.keyboard.press("Backspace");
    await page.getByRole("button", { name: "Well founded" }).click();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("radiogroup", { name: "Helpful" }).getByLabel("Right").check();
    await page.getByText("Draft saved").waitFor();
    await look(page, "annotate-reason");
    await expect.poll(() => String(lab.db.get("SELECT body FROM draft")?.["body"] ?? ""), { timeout: PATIENCE_MS }).toContain("Helpful");
    expect(lab.db.get("SELECT count(*) AS n FROM judgment")?.["n"]).toBe(0);
    // A browser that forgot everything finds the draft with the lab.
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith("nashlab.draft")) localStorage.removeItem(key);
    });
    await page.reload();
    expect(await askOnScreen(page, "")).toBe(asked);
    await page.keyboard.press("r");
    expect(await page.getByLabel("Reason in words").inputValue()).toBe("12 better 0 d Backspac");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "Flagged" }).waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    const rows = lab.db.all("SELECT criterion, rationale, tags FROM current_judgment ORDER BY sequence");
    expect(rows).toEqual([
      { criterion: null, rationale: "12 better 0 d Backspac", tags: '["Well founded"]' },
      { criterion: "Helpful", rationale: null, tags: null },
    ]);
    expect(lab.db.get("SELECT is_set FROM flag")?.["is_set"]).toBe(1);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("takes other keys and keeps them, never Backspace, and shows them everywhere", async () => {
    const { lab, page, asked } = await satDown(6);
    await page.keyboard.press("?");
    await page.getByRole("button", { name: "Change keys" }).click();
    await page.getByRole("button", { name: "Change the key for Tie" }).click();
    await page.keyboard.press("Backspace");
    await page.getByText("Backspace is not given to anything here").waitFor();
    await page.keyboard.press("t");
    await look(page, "annotate-own-keys");
    await page.getByRole("button", { name: "Done" }).click();
    await page.keyboard.press("Escape");
    await page.reload();
    expect(await askOnScreen(page, "")).toBe(asked);
    await page.getByRole("button", { name: "Tie" }).getByText("T", { exact: true }).waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Delete");
    await page.keyboard.press("t");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    expect(lab.db.all("SELECT verdict FROM judgment")).toEqual([{ verdict: "tie" }]);
  });

  it("begins with practice, says what is known, and ends with a summary", async () => {
    const oracle = { practiceItems: 1, repeatShare: 0.2, controlShare: 0.2 };
    const { lab, page, ...first } = await satDown(30, oracle);
    await page.getByText("Practice: it makes no pair").waitFor();
    let { asked } = first;
    await page.keyboard.press("ArrowLeft");
    await page.getByText("Practice: ").first().waitFor();
    for (let i = 0; i < 24; i += 1) {
      asked = await askOnScreen(page, asked);
      if (i === 3) await page.keyboard.press("f");
      await page.keyboard.press(["ArrowLeft", "Shift+ArrowRight", "ArrowUp", "ArrowRight", "ArrowDown", "Space"][i % 6] ?? "0");
    }
    await page.getByText("All saved").waitFor();
    await page.getByRole("button", { name: "End sitting" }).click();
    await page.getByText("Everything is stored.").waitFor();
    const judged = lab.db.get("SELECT count(*) AS n FROM current_judgment WHERE verdict <> 'abstains'")?.["n"];
    await page.getByText(`${String(judged)} comparisons judged, 4 skipped.`).waitFor();
    await page.getByText("Flagged by you").waitFor();
    await look(page, "annotate-summary");
    await page
      .getByRole("link", { name: /^Open:/u })
      .first()
      .click();
    await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor();
    expect(violationsOf(lab.db)).toEqual([]);
  });

  for (const how of ["ends the sitting", "hands over to another person"] as const) {
    it(`gives back what was fetched and not judged when somebody ${how}`, async () => {
      const { lab, page, asked } = await satDown(14);
      await page.keyboard.press("ArrowLeft");
      const second = await askOnScreen(page, asked);
      await page.keyboard.press("ArrowRight");
      await askOnScreen(page, second);
      await page.getByText("All saved").waitFor();
      let other = page;
      if (how === "ends the sitting") {
        other = await open(lab);
        await sitDown(other, "Bo");
        await askOnScreen(other, "");
        await page.getByRole("button", { name: "End sitting" }).click();
        await page.getByText("Everything is stored.").waitFor();
      } else {
        await page.getByRole("button", { name: "Ada" }).click();
        await page.getByLabel("Your name").fill("Bo");
        await page.keyboard.press("Enter");
      }
      await expect.poll(() => heldBy(lab, "Ada"), { timeout: PATIENCE_MS }).toEqual({ asks: 0, sittings: 1, open: 0 });
      let last = "";
      for (let i = 0; i < 12; i += 1) {
        last = await askOnScreen(other, last);
        await other.keyboard.press("ArrowLeft");
      }
      await other.getByText("No comparisons are waiting").waitFor();
      await expect.poll(async () => (await lab.client.rounds.list())[0]?.stages[1]?.state, { timeout: PATIENCE_MS }).toBe("done");
      // However often the queue has changed meanwhile, nothing was fetched for who is not there.
      expect(heldBy(lab, "Ada")).toEqual({ asks: 0, sittings: 1, open: 0 });
      expect(violationsOf(lab.db)).toEqual([]);
    });
  }

  it("shows the words that differ, and scrolls both sides as one", async () => {
    const { page } = await satDown(3);
    await page.keyboard.press("d");
    await page.locator(".sheet.left mark").first().waitFor();
    await look(page, "annotate-diff");
    await page.keyboard.press("d");
    await page.locator("mark").first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Scroll together" }).click();
    await page.getByRole("button", { name: "Scroll apart" }).waitFor();
  });

  it("says how long the two are when it is asked, of that pair alone", async () => {
    const { lab, page, asked: ask } = await satDown(3);
    const lengths = page.locator(".sheet > header [role=status]");
    expect(await lengths.count()).toBe(0);
    await page.keyboard.press("w");
    await lengths.first().waitFor();
    const texts = lab.db
      .all("SELECT r.text FROM ask_response a JOIN response r ON r.id = a.response_id WHERE a.ask_id = $ask ORDER BY a.position", { ask })
      .map((row) => String(row["text"]));
    expect(await lengths.allInnerTexts()).toEqual(texts.map((one) => `${counted(one.split(" ").length, nouns.words)}, ${one.length} characters`));
    await look(page, "annotate-lengths");
    await page.keyboard.press("w");
    await lengths.first().waitFor({ state: "detached" });
    await page.keyboard.press("w");
    await lengths.first().waitFor();
    await page.keyboard.press("ArrowUp");
    await askOnScreen(page, ask);
    expect(await lengths.count()).toBe(0);
  });

  it("opens the ledger, corrects by superseding and works through disputes", async () => {
    const oracle = { kind: "targetLength", target: 10, unit: "characters", noise: 0.4 };
    const lab = await openReadyLab({ config: { ...SCRIPTED, oracle }, training: 12, validation: 1 });
    await runRound(lab.client, "judge");
    const page = await open(lab);
    await page.getByRole("link", { name: "Annotate" }).click();
    await page.getByLabel("Your name").fill("Ada");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Judgments" }).click();
    const { disputed, total } = await lab.client.judgments.facets();
    await page.getByText(`${total} of ${total} judgments`).waitFor();
    await look(page, "judgments");
    await page.getByRole("button", { name: `Disputes ${disputed}` }).click();
    await page.getByText(`${2 * disputed} of ${total} judgments`).waitFor();
    await page.locator(".ledger").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("says different things of the same two responses").waitFor();
    await look(page, "judgments-open");
    await page.getByRole("button", { name: /^Correct /u }).click();
    await page.getByLabel("Both bad").check();
    await page.getByRole("button", { name: "Keep the correction" }).click();
    await page.getByText("Corrected. The old one is kept.").waitFor();
    expect(lab.db.get("SELECT count(*) AS n FROM judgment WHERE supersedes_id IS NOT NULL")?.["n"]).toBe(1);
    await page.getByRole("link", { name: /^Work through/u }).click();
    const asked = await askOnScreen(page, "");
    await page.keyboard.press("ArrowLeft");
    await askOnScreen(page, asked);
    await page.getByText("All saved").waitFor();
    expect(lab.db.get("SELECT count(*) AS n FROM ask WHERE purpose = 'repeat' AND outcome = 'answered'")?.["n"]).toBe(1);
    // What was answered elsewhere is counted wherever disputes are.
    const left = (await lab.client.judgments.facets()).disputed;
    expect(left).toBeLessThan(disputed);
    await page.locator(".side-bar .nav-item", { hasText: "Judgments" }).getByText(String(left), { exact: true }).waitFor({ state: "attached" });
    await page.getByRole("link", { name: "Judgments" }).click();
    await page.getByRole("button", { name: `Disputes ${left}` }).waitFor();
    await page.getByRole("link", { name: `Work through ${counted(left, nouns.disputes)}` }).waitFor();
    expect(violationsOf(lab.db)).toEqual([]);
  });

  /** Also with text at 200 %. */
  async function look(page: Page, name: string): Promise<void> {
    await pages.look(page, name, { largeText: true });
  }

  /** Ada before the first comparison of a round that people judge; `asked` is its id. */
  async function satDown(training: number, oracle: Readonly<Record<string, unknown>> = {}) {
    const lab = await openReadyLab({ config: people(oracle), training, validation: 1 });
    await runRound(lab.client, "judge");
    const page = await open(lab);
    await sitDown(page, "Ada");
    return { lab, page, asked: await askOnScreen(page, "") };
  }

  function heldBy(lab: TestLab, name: string): Readonly<Record<string, unknown>> {
    const row = lab.db.get(
      `SELECT (SELECT count(*) FROM ask WHERE outcome = 'open' AND claimed_by = a.id) AS asks,
         (SELECT count(*) FROM sitting WHERE author_id = a.id) AS sittings,
         (SELECT count(*) FROM sitting WHERE author_id = a.id AND ended_at IS NULL) AS open
       FROM author a WHERE a.name = $name`,
      { name },
    );
    return { ...row };
  }

  async function open(lab: TestLab): Promise<Page> {
    return (await pages.serve(lab.lab.router)).page;
  }
});
