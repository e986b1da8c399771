/** The command palette as a person uses it. */
import type { Page } from "playwright-core";

/** Opens the palette by its key, types words as soon as they go into its field, and takes what comes first. */
export async function runCommand(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const field = page.getByPlaceholder("What do you want to do?");
  await page.locator("input:focus").and(field).waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await field.waitFor({ state: "detached" });
}
