/** Both screens in light and dark, at the usual and at the smallest size: nothing that axe finds, nothing that runs over. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchChromium, PATIENCE_MS, sayChromiumIsMissing, shotsFolder } from "#tests/support/browser.ts";
import { NIGHTLY_COPY, shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";
import { type BuiltPage, buildPage, servePage } from "#tests/support/served-page.ts";

const chromiumPath = findChromium();
if (chromiumPath === undefined) sayChromiumIsMissing("how the screens look");

const SIZES = [
  { name: "usual", width: 1440, height: 900 },
  { name: "small", width: 1024, height: 700 },
  { name: "narrow", width: 720, height: 900 },
] as const;

describe.skipIf(chromiumPath === undefined)("how the screens look", () => {
  let built: BuiltPage;
  let browser: Browser;
  const shots = shotsFolder();

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    built = await buildPage();
    browser = await launchChromium(chromiumPath ?? "");
  });

  afterAll(async () => {
    await browser.close();
    await built.remove();
    process.stderr.write(`Screenshots of the screens are in ${shots}.\n`);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`passes axe in the ${colorScheme}, in every state`, async () => {
      const lab = createFakeLab({ comparisons: [NIGHTLY_COPY, ...shortComparisons(29)], guidelines: "Prefer what helps." });
      const served = await servePage(built.root, lab.router);
      const context = await browser.newContext({ viewport: SIZES[0], colorScheme, reducedMotion: "reduce" });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const look = async (name: string): Promise<void> => {
        await checkWithAxe(page, name);
        for (const size of SIZES) {
          await page.setViewportSize(size);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name}, ${size.name}`).toBeLessThanOrEqual(size.width);
          await page.evaluate(async () => {
            await document.fonts.ready;
          });
          await page.screenshot({ path: join(shots, `${name}.${colorScheme}.${size.name}.png`) });
        }
        await page.setViewportSize(SIZES[0]);
      };
      try {
        await page.goto(served.url);
        await page.getByRole("button", { name: "Start round 1" }).waitFor();
        await look("rounds-begin");

        lab.rounds.addDone(3);
        lab.publish({ type: "experiment.changed" });
        await page.getByText("Use r2. Round 3 is not a clear step forward.").waitFor();
        await look("rounds-done");

        await page.getByRole("button", { name: "Start round 4" }).click();
        await page.getByText("0 of 120 responses").waitFor();
        lab.rounds.advance(62);
        await page.getByText("62 of 120 responses").waitFor();
        lab.publish({ type: "engine.died", deaths: 1, message: "the process ended with signal SIGKILL" });
        await page.getByText("The engine process died.").waitFor();
        await look("rounds-sampling");

        lab.rounds.advance(58);
        await page.getByText("people’s turn").waitFor();
        await look("rounds-people");
        await page.getByRole("button", { name: "Redo from" }).click();
        await page.getByRole("menuitem", { name: "Sample" }).click();
        await page.getByRole("dialog").waitFor();
        await look("rounds-redo");
        await page.keyboard.press("Escape");

        await page.getByRole("link", { name: "Judge 30 comparisons" }).click();
        await page.getByLabel("Your name").waitFor();
        await look("annotate-name");
        await page.getByLabel("Your name").fill("Ada");
        await page.keyboard.press("Enter");
        await page.locator("[data-ask]").waitFor();
        await look("annotate");
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        await look("annotate-keys");
        await page.keyboard.press("Escape");
        await page.keyboard.press("ArrowLeft");
        await page.getByText("Last: Left is better").first().waitFor();
        await page.keyboard.press("Control+z");
        await page.getByText("Taken back: Left is better").waitFor();
        await look("annotate-undone");
        await page.keyboard.press("p");
        await page.getByText("The sitting is paused").waitFor();
        await look("annotate-paused");
        await page.keyboard.press("p");
        for (let i = 0; i < 30; i += 1) {
          const asked = await page.locator("[data-ask]").getAttribute("data-ask");
          await page.keyboard.press(i % 2 === 0 ? "ArrowLeft" : "ArrowRight");
          await page.waitForSelector(`[data-ask="${asked ?? ""}"]`, { state: "detached" });
        }
        await page.getByText("No comparisons are waiting").waitFor();
        await look("annotate-empty");

        await served.goAway();
        await page.getByText("The lab is not answering").waitFor();
        await look("annotate-away");
      } finally {
        await context.close();
        await served.close();
      }
    });
  }
});

async function checkWithAxe(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  expect(found, name).toEqual([]);
}
