/** From nothing to a first round in a browser, on real labs: by mouse with a model of one's own, by keyboard with the demo. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { describeInChromium, expectNoAxeFindings, type Scheme } from "#tests/support/in-chromium.ts";
import { type HostPage, openHostPage } from "#tests/support/host-page.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

describeInChromium("the first run in a browser", (pages) => {
  it("goes by mouse from nothing to a round that a script judges, with a model, a file and a paste", async () => {
    const { page, home } = await open();
    await writeTinyModel(join(home, "models", "tiny"), { seed: 1 });
    await page.getByRole("button", { name: "Start with my own model" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Shorter replies");
    await page.getByLabel("Length", { exact: true }).check();
    await page.getByLabel("Target", { exact: true }).fill("12");
    await page.getByRole("button", { name: "Make it" }).click();

    await page.getByRole("button", { name: "Choose a model" }).click();
    // A typed folder is looked into, a model in it is picked by a click and taken by a second one.
    await page.getByLabel("Path", { exact: true }).fill(join(home, "models"));
    await page.getByLabel("Path", { exact: true }).press("Enter");
    await page.getByRole("button", { name: "tiny model" }).dblclick();
    await page.getByText("llama, 0.1 million parameters").waitFor();

    await drop(page, "prompts.jsonl", jsonl(10));
    await page.getByText("10 rows taken for TRL prompt-only").waitFor();
    await page.getByRole("button", { name: "Import 10 prompts" }).click();
    await page.getByText("10 prompts", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Paste prompts" }).click();
    await page.getByLabel("One prompt a paragraph, or JSON lines").fill("Say hello.\n\nName a colour.");
    await page.getByRole("button", { name: "Look at 2 prompts" }).click();
    await page.getByRole("button", { name: "Import 2 prompts" }).click();
    await page.getByText("12 prompts", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Start round 1" }).click();
    await page.getByRole("list", { name: "Stages of round 1" }).waitFor();
    await page.getByRole("button", { name: "Start round 2", exact: true }).waitFor();

    // More prompts, later.
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Paste prompts" }).click();
    await page.getByLabel("One prompt a paragraph, or JSON lines").fill('{"prompt":"Name a fruit.","split":"training"}');
    await page.getByRole("button", { name: "Look at 1 prompt" }).click();
    await page.getByText("They are trained on from round 2 on.").waitFor();
    await expectWell(page, "more prompts");
    await page.getByRole("button", { name: "Import 1 prompt" }).click();
    await page.getByText("Imported 1 prompt. They are trained on from round 2 on.").waitFor();
    await page.getByText("13 prompts", { exact: true }).waitFor();
    await page.getByRole("link", { name: "All experiments", exact: true }).click();
    await page.getByRole("cell", { name: "Round 1, done" }).waitFor();
  });

  it("goes by one key from nothing to the demo's rounds, which begin by themselves, and back to the list", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Run the demo" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Stages of round 1" }).waitFor();
    await choose(page, "all exp");
    await page.getByRole("cell", { name: /^Round 1, / }).waitFor();
  });

  it("takes what is dropped on a window's page by its path: prompts to be looked at, anything else as a model", async () => {
    const { page, home } = await open();
    await makePeople(page, "Dropped");
    await writeTinyModel(join(home, "models", "tiny"), { seed: 1 });
    const prompts = join(home, "prompts.jsonl");
    writeFileSync(prompts, jsonl(10));
    // What a window's preload offers; a browser's page does not know where a file lies.
    await page.evaluate(
      (paths) => {
        Object.assign(window, { nashlabWindow: { pathOfFile: ({ name }: File) => paths[name] ?? "", onCommand: () => () => undefined } });
      },
      { "prompts.jsonl": prompts, tiny: join(home, "models", "tiny") } as Readonly<Record<string, string>>,
    );
    // Empty as the page sees it: what is taken is the file that lies there.
    await drop(page, "prompts.jsonl", "");
    await page.getByText("10 rows taken for TRL prompt-only").waitFor();
    await page.getByRole("button", { name: "Import 10 prompts" }).click();
    await page.getByText("10 prompts", { exact: true }).waitFor();
    await drop(page, "tiny", "");
    await page.getByText("llama, 0.1 million parameters").waitFor();
  });

  it("runs the demo with the script that was chosen", async () => {
    const { page } = await open();
    await page.getByLabel("A script judges the demo. It likes").selectOption("happy over open, open over sad, sad over happy endings");
    await pages.look(page, "first-run-oracle");
    await page.getByRole("button", { name: "Run the demo" }).click();
    await page.getByRole("list", { name: "Stages of round 1" }).waitFor();
    await page.getByText("Demo: a taste that goes round").first().waitFor();
  });

  it("keeps what can be used of a file with bad rows, and says what is wrong with each way in", async () => {
    const { page, home } = await open();
    await makePeople(page, "Rows");
    const lost = { prompt: "Where is Köln?", chosen: "On the Rhine.", rejected: null, split: "training" };
    await drop(page, "mixed.jsonl", `${jsonl(2)}${JSON.stringify(lost)}\n{"no":"prompt"}\n`);
    await page.getByRole("cell", { name: "4", exact: true }).waitFor();
    await page.getByText('only "no"').waitFor();
    await page.getByText("1 row with a preference that cannot be used, and a prompt that can.").waitFor();
    await page.getByText("Where is Köln?").waitFor();
    await page.getByRole("cell", { name: "an answer", exact: true }).scrollIntoViewIfNeeded();
    await pages.picture(page, "import-trouble");
    await expectWell(page, "looking at a file");
    await page.getByRole("button", { name: "Import the 3 good prompts" }).click();
    await page.getByText("3 prompts", { exact: true }).waitFor();
    await page.getByLabel("Or its path").fill(join(home, "nowhere"));
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("alert").getByText("there is nothing at").waitFor();
    expect(await page.getByRole("button", { name: "Start round 1" }).isDisabled()).toBe(true);
  });

  it("shows several experiments of one host, each where it stood, also after a reload", async () => {
    const { page, host } = await open();
    await makePeople(page, "One");
    await page.getByRole("link", { name: "Show all experiments" }).click();
    await page.getByRole("button", { name: /^People judge/u }).click();
    await page.getByLabel("Name", { exact: true }).fill("Two");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("link", { name: "Show all experiments" }).getByText("Two").waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Show all experiments" }).getByText("Two").waitFor();
    // Another page of the host, which nobody told of an experiment.
    const another = await page.context().newPage();
    await another.goto(host.url);
    await another.getByRole("button", { name: "Open One" }).click();
    await another.getByRole("link", { name: "Show all experiments" }).getByText("One").waitFor();
    await page.getByRole("link", { name: "All experiments", exact: true }).click();
    await page.getByRole("button", { name: "More about One" }).click();
    await page.getByRole("menuitem", { name: "Take off this list" }).click();
    await page.getByText("Took One off the list.").waitFor();
    expect(await page.getByRole("button", { name: "Open One" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Open One" }).waitFor();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`passes axe in the ${colorScheme}, on every screen, at the usual width and with text twice the size`, async () => {
      const { page } = await open(colorScheme);
      await page.getByRole("button", { name: "Run the demo" }).waitFor();
      await expectWell(page, "first run");
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("What do you want to do?").waitFor();
      await expectWell(page, "palette");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Start with my own model" }).click();
      await page.getByLabel("Words", { exact: true }).check();
      await expectWell(page, "new experiment");
      await page.getByLabel("Name", { exact: true }).fill("A name that is long enough to be cut somewhere in the side bar");
      await page.getByRole("button", { name: "Make it" }).click();
      await page.getByRole("heading", { name: "Three things before the first round" }).waitFor();
      await page.getByRole("button", { name: "Change" }).click();
      await expectWell(page, "set up");
      await page.getByRole("button", { name: "Choose a file" }).click();
      await page.getByLabel("Path", { exact: true }).waitFor();
      await expectWell(page, "file chooser");
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Show all experiments" }).click();
      await page.getByRole("heading", { name: "Recent" }).waitFor();
      await expectWell(page, "experiments");
    });
  }

  async function open(colorScheme: Scheme = "light"): Promise<{ page: Page; home: string; host: HostPage }> {
    const home = tempFolder();
    const host = await openHostPage(home, pages.root());
    onTestFinished(async () => {
      await host.close();
    });
    const { page } = await pages.open(host.url, { colorScheme });
    return { page, home, host };
  }
});

/** Types into the palette and takes the first that it finds. */
async function choose(page: Page, query: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("What do you want to do?").fill(query);
  await page.keyboard.press("Enter");
}

async function makePeople(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Start with my own model" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "Three things before the first round" }).waitFor();
}

function jsonl(rows: number): string {
  return Array.from(
    { length: rows },
    (_, i) => `${JSON.stringify({ prompt: `Prompt ${i}`, split: i % 2 === 0 ? "training" : "validation" })}\n`,
  ).join("");
}

/** As a file manager would. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text ?? ""], fileName ?? "", { type: "application/json" }));
      return data;
    },
    [name, content],
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await page.getByText("Drop a file with prompts, or a model").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** Nothing that axe finds, nothing that runs over the page's width, also at 200 % text. */
async function expectWell(page: Page, where: string): Promise<void> {
  for (const size of ["100%", "200%"]) {
    await page.evaluate((fontSize) => (document.documentElement.style.fontSize = fontSize), size);
    await expectNoAxeFindings(page, `${where} at ${size}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect([where, size, over]).toEqual([where, size, 0]);
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
}
