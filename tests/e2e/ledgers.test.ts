/** What Judgments and Results let a person take along and decide: exports, lists of scores, the policy chosen with its reason. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openReadyLab, runRound, SCRIPTED, violationsOf } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

describeInChromium("ledgers and decisions", (pages) => {
  it("exports the judgments that are shown, every one of them and no other", async () => {
    const oracle = { kind: "targetLength", target: 10, unit: "characters", noise: 0.4 };
    const lab = await openReadyLab({ config: { ...SCRIPTED, oracle }, training: 100, validation: 1 });
    await runRound(lab.client, "judge");
    const { page } = await pages.serve(lab.lab.router);
    // Keys work from the first frame on, not before it.
    await page.getByRole("link", { name: "Judgments" }).waitFor();
    await page.keyboard.press("Control+3");
    const { total, disputed } = await lab.client.judgments.facets();
    // More than one call brings.
    expect(total).toBeGreaterThan(500);
    await page.getByText(`of ${total.toLocaleString("en-US")} judgments`).waitFor();
    const save = async (): Promise<string[]> => {
      const download = page.waitForEvent("download");
      await page.keyboard.press("e");
      return readFileSync(await (await download).path(), "utf8")
        .trimEnd()
        .split("\r\n");
    };
    const lines = await save();
    expect(lines[0]).toMatch(/^number,time,round,purpose,author,/u);
    expect(lines.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(Array.from({ length: total }, (_, i) => total - i));
    // ] shows the disputes and opens the first; the file follows the filter.
    await page.keyboard.press("]");
    await page.getByText("says different things of the same two responses").waitFor();
    const disputes = await save();
    expect(disputes).toHaveLength(1 + 2 * disputed);
    expect(disputes.slice(1).every((line) => line.includes(",itself,"))).toBe(true);
    const first = page.url();
    await page.keyboard.press("]");
    await page.waitForFunction((before) => location.href !== before, first);
  });

  it("shows lists that were scored together, each response with its score", async () => {
    const lab = await openReadyLab({ config: { ...SCRIPTED, judging: { mode: "listwise" }, pairs: { kind: "paper" } }, training: 6, validation: 1 });
    await runRound(lab.client, "judge");
    const { page } = await pages.serve(lab.lab.router);
    // Keys work from the first frame on, not before it.
    await page.getByRole("link", { name: "Judgments" }).waitFor();
    await page.keyboard.press("Control+3");
    await page.getByText("Here the judge scores whole lists of responses").waitFor();
    const { rows, total } = await lab.client.judgments.lists({ from: 0, count: 10 });
    expect(total).toBe(6);
    await page.getByRole("link", { name: `Lists of scores ${total}` }).click();
    const grid = page.getByRole("grid", { name: "Lists of scores" });
    await grid
      .getByText((rows[0]?.scores ?? []).join("  "), { exact: true })
      .first()
      .waitFor();
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const open = page.getByRole("complementary", { name: "The list that is open" });
    await open.waitFor();
    const { shown } = await lab.client.judgments.ask({ askId: rows[0]?.askId ?? "" });
    expect(await open.locator(".score").allInnerTexts()).toEqual(shown.map(({ score }) => `score ${String(score)}`));
    await pages.look(page, "lists", { largeText: true });
  });

  it("keeps which policy a person has chosen and why, on the page and in the report", async () => {
    const lab = await openReadyLab({ training: 8, validation: 24 });
    await runRound(lab.client);
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("link", { name: "Results" }).waitFor();
    await page.keyboard.press("Control+5");
    await page.getByRole("button", { name: "Choose a policy" }).click();
    const dialog = page.getByRole("dialog", { name: "Choose the policy to use" });
    await dialog.getByLabel("Policy").selectOption("r0");
    expect(await dialog.getByRole("button", { name: "Choose r0" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Reason").fill("r1 is shorter, not <b>better</b>.");
    await dialog.getByLabel("Your name").fill("Ada");
    await pages.look(page, "results-choose");
    await dialog.getByRole("button", { name: "Choose r0" }).click();
    await page.getByText("r1 is shorter, not <b>better</b>.").waitFor();
    expect(await lab.client.results.chosen()).toMatchObject({ policy: "r0", author: "Ada", reason: "r1 is shorter, not <b>better</b>." });
    const { html } = await lab.client.results.report({});
    expect(html).toContain("<b>Ada chose r0</b>: r1 is shorter, not &lt;b&gt;better&lt;/b&gt;.");
    await pages.look(page, "results-chosen", { largeText: true });
    await lab.client.results.choose({ policy: null, reason: "not settled", author: "Ada" });
    await page.getByRole("button", { name: "Choose a policy" }).waitFor();
    expect(violationsOf(lab.db)).toEqual([]);
  });
});
