/** Both screens in light and dark, at the usual and at the smallest size: nothing that axe finds, nothing that runs over. */
import { it } from "vitest";
import { describeInChromium, NARROW, SMALL, USUAL } from "#tests/support/in-chromium.ts";
import { NIGHTLY_COPY, shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";

describeInChromium("how the screens look", (pages) => {
  for (const colorScheme of ["light", "dark"] as const) {
    it(`passes axe in the ${colorScheme}, in every state`, async () => {
      const lab = createFakeLab({ comparisons: [NIGHTLY_COPY, ...shortComparisons(29)], guidelines: "Prefer what helps." });
      const { page, served } = await pages.serve(lab.router, { colorScheme, isAwayExpected: true });
      const look = async (name: string): Promise<void> => {
        await pages.look(page, name, { schemes: [colorScheme], sizes: [USUAL, SMALL, NARROW] });
      };
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
    });
  }
});
