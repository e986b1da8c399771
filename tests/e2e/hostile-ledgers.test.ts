/** Hostile texts where they are read again: opened judgments, answers won and lost, policies side by side, and the report. */
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf, writeLines } from "#tests/main/lab/support.ts";
import { HARMFUL, type HarmWatch, HOSTILE_TEXTS, watchForHarm } from "#tests/support/hostile-pages.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

/** Signs that turn the order of what stands around them, and one that ends texts. */
const TURNING = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u0000"];

const KINDS = Object.keys(HOSTILE_TEXTS);
const CONFIG = { ...SCRIPTED, sampling: { responsesPerPrompt: 2, maxNewTokens: 64 }, evaluation: { bootstrapSamples: 100 } };

describeInChromium("hostile texts that are read again", (pages) => {
  it("in opened judgments run nothing, load nothing and leave the ledger usable", async () => {
    const lab = await openHostileLab("training");
    await runRound(lab.client, "judge");
    const { page, requests, harm } = await open(lab);
    await page.getByRole("link", { name: "Judgments" }).click();
    const { rows } = await lab.client.judgments.page({ from: 0, count: 500 });
    await page.locator(".ledger-row[aria-rowindex='2']").waitFor();
    // No sign that turns the order of what stands around it is in any row.
    expect(turningIn(await page.locator("main").innerText())).toEqual([]);
    for (const kind of KINDS) {
      const row = rows.find(({ prompt }) => prompt === HOSTILE_TEXTS[kind]);
      expect([kind, row === undefined]).toEqual([kind, false]);
      await page.evaluate((id) => {
        location.hash = `#/judgments?open=${id}`;
      }, row?.id ?? "");
      const inspector = page.getByRole("complementary", { name: "The judgment that is open" });
      await inspector.getByRole("region", { name: "First", exact: true }).waitFor();
      await page.waitForFunction((id) => document.querySelector(`.inspector[data-open="${id}"]`) !== null, row?.id ?? "");
      await expectHarmless(page, inspector, { harm, requests, kind });
    }
    await page.getByRole("button", { name: "Close" }).first().click();
    await page.locator(".ledger-row[aria-rowindex='2']").click();
    await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor();
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("in answers won and lost, and in the report, run nothing, load nothing and leave the results usable", async () => {
    const lab = await openHostileLab("validation");
    await runRound(lab.client);
    const { page, requests, harm } = await open(lab);
    await page.getByRole("link", { name: "Results" }).click();
    const examples = page.getByRole("region", { name: "r1 against r0, read the answers" });
    await examples.getByRole("button", { name: "Show more" }).click();
    const rows = examples.locator("tbody tr");
    await rows.nth(KINDS.length - 1).waitFor();
    expect(turningIn(await examples.innerText())).toEqual([]);
    const shown = (await lab.client.results.examples({ first: "r1", second: "r0", limit: 200 })).rows.map(({ prompt }) => prompt);
    for (const kind of KINDS) {
      const i = shown.indexOf(HOSTILE_TEXTS[kind] ?? "");
      expect([kind, i === -1]).toEqual([kind, false]);
      await rows.nth(i).getByRole("button", { name: "Open both responses" }).click();
      await rows.nth(i).getByRole("region", { name: "Response of r0" }).waitFor();
      await expectHarmless(page, examples, { harm, requests, kind });
      // Neither a huge text nor a wide one pushes away what stands beside and beneath it.
      const box = await rows.nth(i).boundingBox();
      expect([kind, (box?.height ?? 0) < 900, (box?.width ?? 0) <= 1440]).toEqual([kind, true, true]);
      await rows.nth(i).getByRole("button", { name: "Close" }).click();
    }
    const { html } = await lab.client.results.report({});
    const report = await page.context().newPage();
    const asked: string[] = [];
    report.on("request", (request) => asked.push(request.url()));
    await harm.prepare(report);
    await report.setContent(html);
    await report.getByRole("heading", { name: "Win rate by round" }).waitFor();
    expect(await report.locator("script, iframe, img, video, object, embed, form, base, a, link, [onerror], [onload]").count()).toBe(0);
    expect([await report.evaluate(() => "pwned" in window), asked]).toEqual([false, []]);
    await report.close();
  });

  it("from two policies side by side run nothing, load nothing and leave the screen usable", async () => {
    const lab = await openHostileLab("validation");
    await runRound(lab.client);
    const { page, requests, harm } = await open(lab);
    await page.getByRole("link", { name: "Policies" }).click();
    const trial = page.getByRole("region", { name: "One prompt, side by side" });
    for (const kind of KINDS) {
      await trial.getByLabel("Prompt", { exact: true }).fill(`Say: ${kind}`);
      await trial.getByRole("button", { name: "Ask", exact: true }).click();
      await trial.getByText("A short answer.").waitFor();
      await trial.getByRole("button", { name: "Ask", exact: true }).waitFor();
      await expectHarmless(page, trial.locator(".trial-sheets"), { harm, requests, kind });
    }
  });

  type Watched = { readonly harm: HarmWatch; readonly requests: readonly string[]; readonly kind: string };

  async function expectHarmless(page: Page, within: Locator, { harm, requests, kind }: Watched): Promise<void> {
    expect([kind, await within.locator(`:is(.paper, .whole, .trial-text) ${HARMFUL}`).count()]).toEqual([kind, 0]);
    await harm.expectNone(page, requests, kind);
  }

  async function open({ lab }: TestLab): Promise<{ readonly page: Page; readonly requests: readonly string[]; readonly harm: HarmWatch }> {
    const harm = watchForHarm();
    return { harm, ...(await pages.serve(lab.router, { prepare: harm.prepare })) };
  }
});

function turningIn(shown: string): readonly string[] {
  return TURNING.filter((sign) => shown.includes(sign));
}

/** A prompt of each kind; the first policy answers with the prompt itself, and else shortly. */
async function openHostileLab(split: "training" | "validation"): Promise<TestLab> {
  const lab = await openReadyLab(
    { config: CONFIG, training: 4, validation: 12 },
    {
      answer: ({ messages, sampleIndex }, { policy }) => {
        const prompt = messages.at(-1)?.content ?? "";
        if (prompt.startsWith("Say: ")) return policy.adapterHash === null ? HOSTILE_TEXTS[prompt.slice("Say: ".length)] : "A short answer.";
        if (!Object.values(HOSTILE_TEXTS).includes(prompt)) return undefined;
        return policy.adapterHash === null && sampleIndex === 0 ? prompt : "A short answer.";
      },
    },
  );
  const rows = Object.values(HOSTILE_TEXTS).map((prompt) => ({ prompt, split }));
  await lab.client.experiments.importPrompts({ path: writeLines(lab.folder, "hostile.jsonl", rows), skipRejected: false });
  return lab;
}
