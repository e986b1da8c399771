/** The first run and the list of experiments while they are read, empty, unreachable, and with names that would turn a line round. */
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { holdSocket } from "#tests/support/held-socket.ts";
import { type HostPage, openHostPage } from "#tests/support/host-page.ts";
import { describeInChromium, type PageOptions } from "#tests/support/in-chromium.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

describeInChromium("the states of the first run and the list", (pages) => {
  it("says of a folder that cannot be read what is wrong with it and where to go on", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Open an experiment" }).click();
    const dialog = page.getByRole("dialog", { name: "Open an experiment" });
    await dialog.getByText("This folder is empty. Go up, or type the path of another.").or(dialog.locator(".file-row").first()).waitFor();
    await dialog.getByLabel("Path", { exact: true }).fill("/no/such/folder");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("/no/such/folder").waitFor();
    await page.getByRole("button", { name: "Put this message away" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  it("moves nothing when the machine has been looked at", async () => {
    const held = holdSocket();
    const { page } = await open({ prepare: held.prepare });
    await page.getByRole("button", { name: "Run the demo" }).waitFor();
    await page.getByText(/^\d+ cores?, /u).waitFor();
    const before = await placesOf(page);
    await page.reload();
    await page.getByText(/^(Looking at this machine…|\d+ cores?, .*)$/u).waitFor();
    expect(await placesOf(page)).toEqual(before);
  });

  it("opens any experiment of the list from the palette, and names signs that would turn its name round", async () => {
    const { page } = await open();
    await make(page, "Shorter replies", "Start with my own model");
    await toList(page);
    await make(page, "A \u202etxet denrut\u202c name", "People judge");
    await toList(page);
    await page.getByRole("button", { name: "Open A [RLO]txet denrut[PDF] name" }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain("\u202e");
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("What do you want to do?").fill("open shorter");
    await page.keyboard.press("Enter");
    await page.locator(".experiment", { hasText: "Shorter replies" }).waitFor();
    await toList(page);
    for (const name of ["Shorter replies", "A [RLO]txet denrut[PDF] name"]) {
      await page
        .getByRole("row", { name })
        .getByRole("button", { name: /^More about/u })
        .click();
      await page.getByRole("menuitem", { name: "Take off this list" }).click();
      await page.getByText(`Took ${name} off the list. Its folder stays as it is.`).waitFor();
    }
    await page.getByText("None yet. Make one above").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: /^More about/u }).waitFor();
  });

  it("comes in once by the address that the browser is started with, survives a reload, and says to the next page where to go", async () => {
    const host = await openHostPage(tempFolder(), pages.root());
    onTestFinished(async () => {
      await host.close();
    });
    const { page } = await pages.open(host.onceUrl);
    const isIn = page.getByRole("button", { name: "Run the demo" });
    await isIn.waitFor();
    expect(new URL(page.url()).hash).toBe("#/rounds");
    expect(await page.evaluate("navigation.entries().map((entry) => entry.url)")).toEqual([`${new URL(host.url).origin}/#/rounds`]);
    await page.reload();
    await isIn.waitFor();

    const { page: second } = await pages.open(host.onceUrl, { isRefusalExpected: true });
    await second.getByRole("heading", { name: "This address lets no page in any more" }).waitFor();
    await second.getByText("Open the address that nashlab open printed last.").waitFor();
  });

  async function open(options?: PageOptions): Promise<HostPage & { readonly page: Page }> {
    const host = await openHostPage(tempFolder(), pages.root());
    onTestFinished(async () => {
      await host.close();
    });
    const { page } = await pages.open(host.url, options);
    await page.getByRole("button", { name: "Run the demo" }).waitFor();
    return { ...host, page };
  }
});

async function make(page: Page, name: string, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "Set up" }).waitFor();
}

async function toList(page: Page): Promise<void> {
  await page.getByRole("link", { name: "All experiments", exact: true }).click();
  await page.locator(".experiments-table").waitFor();
}

/** Where what a person looks at stands, in pixels from above and from the left. */
async function placesOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll("h1, .lead, .picture, .btn, select, .machine")].map((element) => {
      const { top, left } = element.getBoundingClientRect();
      return `${element.className || element.tagName} ${Math.round(top)} ${Math.round(left)}`;
    }),
  );
}
