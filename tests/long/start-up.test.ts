/** How long a person waits from the command to a page that can be used: with an experiment of two rounds, and with none. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureRenderer } from "#main/http/renderer-build.ts";
import { findChromium, launchChromium, PATIENCE_MS, sayChromiumIsMissing } from "#tests/support/browser.ts";
import { openHostPage } from "#tests/support/host-page.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const chromiumPath = findChromium();
if (chromiumPath === undefined) sayChromiumIsMissing("the start's time");

const TIMES = 7;

type Waits = { readonly hostMs: number; readonly pageMs: number };

describe.skipIf(chromiumPath === undefined)("the start", () => {
  const home = sharedTempFolder();
  let browser: Browser;

  beforeAll(async () => {
    await ensureRenderer(() => undefined);
    browser = await launchChromium(chromiumPath ?? "");
  });

  afterAll(async () => {
    await browser.close();
  });

  it("takes so long from the command to a page that can be used", { timeout: 30 * 60_000 }, async () => {
    const fresh = await measure(join(home, "fresh"), "Run the demo");
    await makeDemo(join(home, "used"));
    const used = await measure(join(home, "used"), "Start round 3");
    for (const waits of [fresh, used]) expect(waits).toHaveLength(TIMES);
    writeRecord("start-up", {
      section: "Speed",
      title: "From the command to a usable page",
      summary:
        "Time from typing the command (page built already) until the first button of the page can be pressed, in a Chromium that is open. Wanted: at most 2 s on two cores.",
      commands: ["npm run test:long -- tests/long/start-up.test.ts"],
      sources: ["main/cli", "main/host", "main/http", "main/lab", "renderer/main.tsx", "renderer/app", "renderer/lab-client", "renderer/experiments"],
      tables: [
        {
          columns: ["what is there", "command to address, median s", "address to usable, median s", "whole, median s", "whole, slowest s"],
          rows: [row("no experiment: first run", fresh), row("the demo with two finished rounds", used)],
        },
      ],
      notes: [`${TIMES} starts each, of new processes; what the system keeps of files in memory is warm.`],
    });
  });

  async function measure(folder: string, button: string): Promise<readonly Waits[]> {
    const waits: Waits[] = [];
    for (let i = 0; i < TIMES; i += 1) {
      const startedAtMs = performance.now();
      const child = spawn(process.execPath, [join(ROOT, "main/cli/main.ts"), "open", "--no-browser"], {
        cwd: makeFolder(folder),
        env: { ...process.env, ...folders(folder) },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const url = await firstLine(child);
      const servedAtMs = performance.now();
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(url, { waitUntil: "commit" });
      await page.waitForFunction(canBePressed, button, { polling: "raf" });
      waits.push({ hostMs: servedAtMs - startedAtMs, pageMs: performance.now() - servedAtMs });
      await context.close();
      child.kill("SIGINT");
      await new Promise((ended) => child.once("exit", ended));
    }
    return waits;
  }

  /** An experiment with two finished rounds, made as a person would. */
  async function makeDemo(folder: string): Promise<void> {
    const host = await openHostPage(makeFolder(folder), await ensureRenderer(() => undefined));
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(host.url);
    await page.getByRole("button", { name: "Run the demo" }).click();
    await page.getByRole("button", { name: "Start round 3" }).waitFor({ timeout: 900_000 });
    await page.close();
    await host.close();
  }
});

/** Asked in every frame of the page, as waiting for a click looks only every half second: the button is there, enabled and on top. */
function canBePressed(label: string): boolean {
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent.includes(label) && !each.disabled);
  if (button === undefined) return false;
  const { left, top, width, height } = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}

function makeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

function folders(home: string): Record<string, string> {
  return { NASHLAB_CACHE_DIR: join(home, "cache"), NASHLAB_CONFIG_DIR: join(home, "config"), NASHLAB_DATA_DIR: join(home, "data") };
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  return await new Promise((found, failed) => {
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const [line = "", rest] = text.split("\n");
      if (rest !== undefined) found(line);
    });
    child.once("exit", () => {
      failed(new Error(`the command ended without an address: ${text}`));
    });
  });
}

function row(what: string, waits: readonly Waits[]): (string | number)[] {
  const seconds = (ms: number): number => Number((ms / 1000).toFixed(2));
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const whole = waits.map(({ hostMs, pageMs }) => hostMs + pageMs);
  return [
    what,
    seconds(median(waits.map(({ hostMs }) => hostMs))),
    seconds(median(waits.map(({ pageMs }) => pageMs))),
    seconds(median(whole)),
    seconds(Math.max(...whole)),
  ];
}
