/** How fast Annotate and Judgments are with very many judgments stored: a key press to the next pair painted, and frames of the ledger. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { openTestLab, runRound, SCRIPTED, setUp, type TestLab } from "#tests/main/lab/support.ts";
import { askOnScreen, pressAt, sitDown } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { addManyJudgments } from "#tests/support/many-judgments.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 } } as const;
const STORED = 100_000;
const LEDGER = 1_000_000;
const PRESSES = 150;
/** A person reads in between. */
const LOOK_MS = 120;
const SCROLL_MS = 5000;

describeInChromium("the speed of Annotate and Judgments", (pages) => {
  const figures: { what: string; target: string; found: string }[] = [];

  afterAll(() => {
    if (figures.length < 4) return;
    writeRecord("annotating-speed", {
      section: "Speed",
      title: "Annotate and Judgments with very many judgments",
      summary: `A person presses verdict keys with ${STORED.toLocaleString("en-US")} judgments stored; somebody scrolls a ledger of ${LEDGER.toLocaleString("en-US")}. Both in a real Chromium on a whole lab with a stand-in for the engine, drawn without a graphics card.`,
      commands: ["npm run test:long -- tests/long/annotating-speed.test.ts"],
      sources: ["renderer/annotate", "renderer/judgments", "main/lab/queue", "main/lab/judgments", "main/store/queries", "main/store/migrations"],
      tables: [{ columns: ["what", "target", "found"], rows: figures.map(({ what, target, found }) => [what, target, found]) }],
      notes: [
        "Lab, browser and test share the machine's cores; the line above says how many other processes wanted them.",
        "From the time stamp of the key press to the first frame in which the next pair stands, its message channel turn included.",
      ],
    });
  });

  it("of a key press to the next pair painted", async () => {
    const lab = await openWith(STORED, "Ada", "person", PRESSES + 10);
    const page = await openPage(lab);
    await sitDown(page, "Ada");
    let asked = await askOnScreen(page, "");
    await page.evaluate(watchPaints);
    for (let i = 0; i < PRESSES; i += 1) {
      await page.waitForTimeout(LOOK_MS);
      await page.keyboard.press(pressAt(i).key);
      asked = await askOnScreen(page, asked);
    }
    await page.getByText("All saved").waitFor();
    const times = (await page.evaluate(() => (window as unknown as { readonly paints: number[] }).paints)).toSorted((a, b) => a - b);
    expect(times).toHaveLength(PRESSES);
    expect(lab.db.get("SELECT count(*) AS n FROM judgment")?.["n"]).toBe(STORED + PRESSES);
    figures.push(
      { what: `key press to next pair painted, median of ${PRESSES}`, target: "", found: `${at(times, 0.5)} ms` },
      { what: "key press to next pair painted, 95th percentile", target: "50 ms at most", found: `${at(times, 0.95)} ms` },
    );
  });

  it("of a ledger of a million rows, scrolled", async () => {
    const lab = await openWith(LEDGER, "gpt-4.1", "judge", 1);
    const page = await openPage(lab);
    await page.getByRole("link", { name: "Judgments" }).click();
    await page.getByText("1,000,000 of 1,000,000 judgments").waitFor();
    const scroller = page.locator(".ledger");
    await scroller.hover();
    await page.evaluate(countFrames, SCROLL_MS);
    for (let from = performance.now(); performance.now() - from < SCROLL_MS;) await page.mouse.wheel(0, 400);
    const rates = await page.evaluate(
      async () => await (window as unknown as { readonly frames: Promise<{ rate: number; slowest: number }> }).frames,
    );
    figures.push({
      what: "frames a second while a million rows are scrolled by the wheel",
      target: "50 or more",
      found: `${rates.rate.toFixed(1)} (longest gap ${rates.slowest.toFixed(0)} ms)`,
    });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    await scroller.focus();
    await page.keyboard.press("End");
    const last = page.locator("#ledger-999999");
    await last.waitFor();
    const isInSight = await last.evaluate((row) => {
      const box = row.getBoundingClientRect();
      const around = row.closest(".ledger")?.getBoundingClientRect();
      return around !== undefined && box.top >= around.top - 1 && box.bottom <= around.bottom + 1;
    });
    expect(isInSight).toBe(true);
    // By the scrollbar alone, too.
    await page.keyboard.press("Home");
    await page.locator("#ledger-0").waitFor();
    await scroller.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await last.waitFor();
    figures.push({ what: "the last of a million rows at text 200 %", target: "reachable", found: "by End and by the scrollbar" });
  });

  /** A lab whose people judge `open` comparisons, with so many judgments stored already. */
  async function openWith(count: number, author: string, kind: "person" | "judge", open: number): Promise<TestLab> {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { config: PEOPLE, training: open, validation: 1 });
    await runRound(first.client, "judge");
    await first.lab.close();
    addManyJudgments({ folder, count, author, kind });
    const lab = await openTestLab(folder);
    await lab.client.rounds.settle();
    return lab;
  }

  async function openPage(lab: TestLab): Promise<Page> {
    return (await pages.serve(lab.lab.router)).page;
  }
});

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
}

/** In the page: from each key press to the end of the frame in which another pair stands. */
function watchPaints(): void {
  const paints: number[] = [];
  Object.assign(window, { paints });
  let pressedAt: number | undefined;
  window.addEventListener(
    "keydown",
    (event) => {
      pressedAt = event.timeStamp;
    },
    true,
  );
  const shown = (): string | null | undefined => document.querySelector("[data-ask]")?.getAttribute("data-ask");
  let before = shown();
  new MutationObserver(() => {
    const now = shown();
    if (now === before || pressedAt === undefined) return;
    before = now;
    const from = pressedAt;
    pressedAt = undefined;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => paints.push(performance.now() - from);
      port2.postMessage(null);
    });
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ask"] });
}

/** In the page: frames drawn over a while, from now on. */
function countFrames(durationMs: number): void {
  const frames = new Promise((resolve) => {
    const from = performance.now();
    let [count, last, slowest] = [0, from, 0];
    const step = (now: number): void => {
      slowest = Math.max(slowest, now - last);
      last = now;
      count += 1;
      if (now - from < durationMs) requestAnimationFrame(step);
      else resolve({ rate: (1000 * count) / (now - from), slowest });
    };
    requestAnimationFrame(step);
  });
  Object.assign(window, { frames });
}
