/** Settings while they are read, wrongly typed, saved, taken back, and refused by the machine. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { deviceSchema } from "#app/domain/device.ts";
import { openReadyLab } from "#tests/main/lab/support.ts";
import { holdSocket } from "#tests/support/held-socket.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { runCommand } from "#tests/support/palette.ts";

describeInChromium("the states of the settings", (pages) => {
  it("moves no section when what was asked for comes, and says at each that it is being read", async () => {
    const devices = deviceSchema.options.map((device) => ({ device, isReady: device === "cpu", isTested: true, found: "found by a test" }));
    const lab = await openReadyLab({}, { devices });
    const held = holdSocket();
    const { page } = await pages.serve(lab.lab.router, { prepare: held.prepare });
    await page.getByRole("button", { name: "Start round 1" }).waitFor();
    held.hold();
    await goTo(page, "/settings");
    for (const word of ["Looking at this machine…", "Reading the engine’s settings…", "Reading the endpoints…", "Reading the backups…", "Reading…"]) {
      await page.getByText(word).first().waitFor();
    }
    const before = await placesOf(page);
    await pages.look(page, "settings-reading", { schemes: ["light"], largeText: true });
    held.letGo();
    await page.getByRole("cell", { name: "rules of the database" }).waitFor();
    await page.getByText(/^The processor has \d+\./u).waitFor();
    await page.getByText("No judge behind an endpoint yet.").waitFor();
    await page.getByText("There is no copy yet.").waitFor();
    expect(await placesOf(page)).toEqual(before);
  });

  it("says in words what was wrongly typed, at the field, and what is wanted", async () => {
    const lab = await openReadyLab();
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/settings");
    await page.getByLabel("each round, $").fill("ten");
    await page.getByText("An amount in dollars is wanted, such as 10 or 2.50").waitFor();
    expect(await page.getByLabel("each round, $").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("each round, $").fill("");

    await page.getByRole("button", { name: "Add an endpoint" }).click();
    const form = page.getByRole("form", { name: "A new endpoint" });
    await form.getByLabel("Name").fill("here");
    await form.getByLabel("Address").fill("http://127.0.0.1:9/v1");
    await form.getByLabel("Requests a minute").fill("many");
    await form.getByRole("button", { name: "Keep it" }).click();
    await form
      .getByText("Requests a minute: a whole number is wanted here.")
      .or(form.getByText("Requests a minute: a number is wanted here."))
      .waitFor();
    expect(await form.getByLabel("Requests a minute").getAttribute("aria-invalid")).toBe("true");
    await form.getByRole("button", { name: "Cancel" }).click();

    const rate = page.locator(".setting", { hasText: "training.learningRate" }).locator("input");
    const save = page.getByRole("region", { name: "This experiment" }).getByRole("button", { name: "Save" });
    await rate.fill("quick");
    await save.click();
    await page.getByText("training.learningRate: a number is wanted here.").waitFor();
    expect(await rate.getAttribute("aria-invalid")).toBe("true");
  });

  it("says that settings of the experiment are saved, and takes the save back", async () => {
    const lab = await openReadyLab();
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/settings");
    const rate = page.locator(".setting", { hasText: "training.learningRate" }).locator("input");
    const before = (await lab.client.experiments.get())?.config;
    await rate.fill("0.00001");
    await page.getByRole("region", { name: "This experiment" }).getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. The next run uses them.").waitFor();
    expect((await lab.client.experiments.get())?.config.training.learningRate).toBe(0.000_01);
    await page.getByRole("region", { name: "This experiment" }).getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("Saved. The next run uses them.").waitFor({ state: "detached" });
    expect((await lab.client.experiments.get())?.config).toEqual(before);
  });

  it("takes saved caps and kept threads back, by the button and by the key of undo, but not what was set elsewhere since", async () => {
    const lab = await openReadyLab();
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/settings");
    const budget = page.getByRole("region", { name: "Budget and network" });
    const round = budget.getByLabel("each round, $");
    const caps = async (): Promise<unknown> => (await lab.client.settings.budget()).caps;
    expect(await caps()).toEqual({ roundUsd: 10, totalUsd: 50 });
    await round.fill("2.5");
    await budget.getByLabel("in all, $").fill("");
    await round.press("Enter");
    const note = budget.getByText("Saved: $2.50 for each round, no limit in all.");
    await note.waitFor();
    expect(await caps()).toEqual({ roundUsd: 2.5, totalUsd: null });
    await pages.look(page, "settings-caps-saved", { schemes: ["light"], largeText: true });
    await budget.getByRole("button", { name: "Undo", exact: true }).click();
    await note.waitFor({ state: "detached" });
    expect(await caps()).toEqual({ roundUsd: 10, totalUsd: 50 });
    expect(await round.inputValue()).toBe("10");

    await round.fill("3");
    await budget.getByRole("button", { name: "Save", exact: true }).click();
    const second = budget.getByText("Saved: $3.00 for each round, $50.00 in all.");
    await second.waitFor();
    // The focus stays where it was, at the button that now rests.
    expect(await page.locator(":focus").innerText()).toBe("Save");
    await page.keyboard.press("Control+z");
    await second.waitFor({ state: "detached" });
    expect(await caps()).toEqual({ roundUsd: 10, totalUsd: 50 });

    await round.fill("4");
    await round.press("Enter");
    await budget.getByText("Saved: $4.00 for each round").waitFor();
    await lab.client.settings.setCaps({ roundUsd: 5, totalUsd: 50 });
    await budget.getByText("Saved: $4.00 for each round").waitFor({ state: "detached" });
    expect(await round.inputValue()).toBe("5");

    const threads = page.getByLabel("Threads");
    await threads.fill("3");
    await threads.press("Enter");
    const engine = page.getByRole("region", { name: "Engine", exact: true });
    await engine.getByText("Jobs that begin from now on run on CPU, with 3 threads.").waitFor();
    await engine.getByRole("button", { name: "Undo", exact: true }).click();
    await engine.getByText("with 3 threads").waitFor({ state: "detached" });
    expect((await lab.client.settings.engine()).threads).toBe(0);
    expect(await threads.inputValue()).toBe("0");
  });

  it("puts a removed endpoint back with its key, and asks before a key goes that nobody can bring back", async () => {
    const lab = await openReadyLab();
    await lab.client.settings.saveEndpoint({ name: "here", baseUrl: "http://127.0.0.1:9/v1", requestsPerMinute: 60, prices: [] });
    await lab.client.settings.setKey({ name: "here", key: "sk-kept" });
    const before = await lab.client.settings.endpoints();
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/settings");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByText("here is removed.").waitFor();
    expect(await lab.client.settings.endpoints()).toEqual([]);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("cell", { name: "here", exact: true }).waitFor();
    // When a key was set is noted with the endpoint alone, and gone with it.
    expect(await lab.client.settings.endpoints()).toEqual(before.map((endpoint) => ({ ...endpoint, keySetAtMs: null })));

    await page.getByRole("button", { name: "Remove key" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove the key of here?" });
    await dialog.getByText("the lab cannot show it or bring it back").waitFor();
    await pages.look(page, "settings-remove-key", { schemes: ["light"], largeText: true });
    await dialog.getByRole("button", { name: "Leave it" }).click();
    expect((await lab.client.settings.endpoints())[0]?.keyPlace).toBe("memory");
    await page.getByRole("button", { name: "Remove key" }).click();
    await dialog.getByRole("button", { name: "Remove the key of here" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await lab.client.settings.endpoints())[0]?.keyPlace).toBeNull();
  });

  it("takes back what was forbidden, and the keys that a reset took away", async () => {
    const lab = await openReadyLab();
    await lab.client.settings.allowHost({ host: "judge.example" });
    const { page } = await pages.serve(lab.lab.router, {
      prepare: async (one) => {
        await one.addInitScript(() => {
          localStorage.setItem("nashlab.keys", JSON.stringify({ tie: ["x"] }));
        });
      },
    });
    await goTo(page, "/settings");
    await page.getByRole("button", { name: "Forbid" }).click();
    await page.getByText("Prompts no longer go to judge.example.").waitFor();
    // In a field the key of undo is the field's own.
    await page.getByLabel("in all, $").focus();
    await page.keyboard.press("Control+z");
    await page.getByText("Prompts no longer go to judge.example.").waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).focus();
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: "Forbid" }).waitFor();
    expect((await lab.client.settings.network()).allowedHosts.map(({ host }) => host)).toEqual(["judge.example"]);

    await page.getByRole("button", { name: "Back to the usual keys" }).click();
    await page.getByText("All keys are the usual ones again.").waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("Your own keys hold again.").waitFor();
    expect(await page.evaluate(() => localStorage.getItem("nashlab.keys"))).toBe('{"tie":["x"]}');
  });

  it("reaches every section and what is done there from the palette, and says what stands in the way of a backup", async () => {
    const lab = await openReadyLab();
    rmSync(join(lab.folder, "backups"), { recursive: true, force: true });
    writeFileSync(join(lab.folder, "backups"), "in the way");
    const { page } = await pages.serve(lab.lab.router);
    await goTo(page, "/settings");
    await runCommand(page, "settings: keyboard");
    expect(await page.locator(":focus").innerText()).toBe("Keyboard");
    await runCommand(page, "make a backup");
    const said = page.getByRole("alert");
    await said.waitFor();
    expect(await said.innerText()).toContain("backups");
    expect(await said.innerText()).toMatch(/something of that name is there already/u);
    expect(await said.innerText()).not.toContain("Internal");
    await runCommand(page, "add an endpoint");
    await page.getByRole("form", { name: "A new endpoint" }).waitFor();
    await runCommand(page, "go offline");
    await page.getByRole("switch", { name: /^Offline/u, checked: true }).waitFor();
    expect((await lab.client.settings.network()).isOffline).toBe(true);
  });
});

async function goTo(page: Page, path: string): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).waitFor();
  await page.evaluate((wanted) => {
    location.hash = `#${wanted}`;
  }, path);
}

/** Where each section begins, in pixels from above. */
async function placesOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll(".settings h2")].map((heading) => `${heading.textContent} ${Math.round(heading.getBoundingClientRect().top)}`),
  );
}
