/** The list of pictures in docs/screens: how each screen is come to. A new screen adds its row. */
import type { Page } from "playwright-core";

export type Stage = {
  readonly page: Page;
  /** Where the sample's files lie. */
  readonly files: { readonly model: string; readonly folder: string };
  /** A page with comparisons that people can read: the sample's model is too small to write any. */
  readonly reading: Page;
};

export type Picture = {
  /** The file's name, without theme and ending. */
  readonly name: string;
  /** Brings the page to what is to be seen, from what the picture before left. */
  readonly come: (stage: Stage) => Promise<void>;
  /** True where the page for reading is pictured. */
  readonly isReading?: true;
};

/** Two rounds. */
const DEMO_PATIENCE_MS = 900_000;

/** In the order in which a person would meet them; a host with nothing yet is what the first finds. */
export const PICTURES: readonly Picture[] = [
  {
    name: "first-run",
    come: async ({ page }) => {
      await page.getByRole("button", { name: "Run the demo" }).waitFor();
    },
  },
  {
    name: "new-experiment",
    come: async ({ page }) => {
      await page.getByRole("button", { name: "Start with my own model" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Shorter replies");
      await page.getByLabel("Length", { exact: true }).check();
    },
  },
  {
    name: "set-up",
    come: async ({ page, files }) => {
      await page.getByRole("button", { name: "Make it" }).click();
      await page.getByLabel("Or its path").fill(files.model);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("0.1 million parameters").waitFor();
    },
  },
  {
    name: "choose-file",
    come: async ({ page, files }) => {
      await page.getByRole("button", { name: "Choose a file" }).click();
      await page.getByLabel("Path", { exact: true }).fill(files.folder);
      await page.getByLabel("Path", { exact: true }).press("Enter");
      await page.getByRole("button", { name: "everyday.jsonl prompts" }).click();
    },
  },
  {
    name: "import",
    come: async ({ page }) => {
      await page.getByRole("button", { name: "Look at this file" }).click();
      await page.getByRole("button", { name: "Import 60 prompts" }).waitFor();
    },
  },
  {
    name: "rounds",
    come: async ({ page }) => {
      await page.getByRole("button", { name: "Import 60 prompts" }).click();
      await page.getByText("60 prompts", { exact: true }).waitFor();
      await demo(page);
    },
  },
  {
    name: "training",
    come: async ({ page }) => {
      await page.getByRole("link", { name: "Training" }).click();
      await page.getByRole("heading", { name: "Training", exact: true }).first().waitFor();
      await page.waitForLoadState("networkidle");
    },
  },
  {
    name: "annotate",
    isReading: true,
    come: async ({ reading }) => {
      await reading.getByRole("link", { name: "Annotate" }).click();
      await reading.getByLabel("Your name").fill("Ada");
      await reading.keyboard.press("Enter");
      await reading.locator("[data-ask]").waitFor();
      // Colours come a moment after the code.
      await reading.locator("pre span[style]").first().waitFor();
    },
  },
  {
    name: "annotate-keys",
    isReading: true,
    come: async ({ reading }) => {
      await reading.keyboard.press("?");
      await reading.getByRole("dialog", { name: "Keys" }).waitFor();
    },
  },
  {
    name: "annotate-reason",
    isReading: true,
    come: async ({ reading }) => {
      await reading.keyboard.press("Escape");
      await reading.keyboard.press("r");
      await reading.getByRole("dialog", { name: "Why?" }).waitFor();
      await reading.getByRole("button", { name: "Follows the request" }).click();
      await reading.getByLabel("Reason in words").fill("A script that goes on by itself; the other only names tools.");
      await reading.getByText("Draft saved").waitFor();
    },
  },
  {
    name: "judgments",
    come: async ({ page }) => {
      await page.getByRole("link", { name: "Judgments" }).click();
      await page.locator(".ledger-row[aria-rowindex='5']").click();
      await page.getByRole("complementary", { name: "The judgment that is open" }).waitFor();
    },
  },
  {
    name: "results",
    come: async ({ page }) => {
      await page.getByRole("link", { name: "Results" }).click();
      await page.locator(".matrix a").first().waitFor();
      await page.getByText("read the answers").first().waitFor();
      await page.getByRole("columnheader", { name: "Judged by" }).first().waitFor();
    },
  },
  {
    name: "settings",
    come: async ({ page }) => {
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("heading", { name: "Keyboard" }).waitFor();
      await page.waitForLoadState("networkidle");
      await page.getByText("Looking at this machine…").first().waitFor({ state: "hidden" });
      await page.getByText("Being tried with a tiny model…").first().waitFor({ state: "hidden" });
    },
  },
  {
    name: "settings-keyboard",
    come: async ({ page }) => {
      await page.getByRole("button", { name: "Keyboard", exact: true }).click();
    },
  },
  {
    name: "policies",
    come: async ({ page }) => {
      await page.getByRole("link", { name: "Policies" }).click();
      await page.getByRole("heading", { name: "Policies", exact: true }).first().waitFor();
      await page.waitForLoadState("networkidle");
    },
  },
  {
    name: "commands",
    come: async ({ page }) => {
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("What do you want to do?").waitFor();
    },
  },
  {
    name: "experiments",
    come: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "All experiments", exact: true }).click();
      await page.getByRole("cell", { name: "Round 2, done" }).waitFor();
    },
  },
];

async function demo(page: Page): Promise<void> {
  await page.getByRole("link", { name: "All experiments", exact: true }).click();
  await page.getByRole("button", { name: /^The demo/u }).click();
  await page.getByRole("button", { name: "Start round 3", exact: true }).waitFor({ timeout: DEMO_PATIENCE_MS });
}
