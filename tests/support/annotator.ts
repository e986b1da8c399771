/** A person who annotates by keyboard: reads what is on the screen, presses, and remembers what was meant. */
import type { Page } from "playwright-core";
import type { ShownVerdict } from "#app/contract/queue.ts";

export type Press = { readonly key: string; readonly verdict: ShownVerdict };

const prefers = (side: "left" | "right", strength: "slight" | "clear"): ShownVerdict => ({ kind: "prefers", side, strength });

/** Every key that gives a verdict. */
export const PRESSES: readonly Press[] = [
  { key: "ArrowLeft", verdict: prefers("left", "slight") },
  { key: "ArrowRight", verdict: prefers("right", "slight") },
  { key: "Shift+ArrowLeft", verdict: prefers("left", "clear") },
  { key: "Shift+ArrowRight", verdict: prefers("right", "clear") },
  { key: "ArrowUp", verdict: { kind: "tie" } },
  { key: "ArrowDown", verdict: { kind: "bothBad" } },
  { key: "1", verdict: prefers("left", "slight") },
  { key: "2", verdict: prefers("right", "slight") },
  { key: "0", verdict: { kind: "tie" } },
  { key: "9", verdict: { kind: "bothBad" } },
  { key: "Shift+Digit1", verdict: prefers("left", "clear") },
  { key: "Shift+Digit2", verdict: prefers("right", "clear") },
];

/** What was meant: the verdict, and the first paragraph of what stood on the left when it was given. */
export type Meant = { readonly verdict: ShownVerdict; readonly left: string };

export async function sitDown(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Annotate" }).click();
  await page.getByLabel("Your name").fill(name);
  await page.keyboard.press("Enter");
}

/** The id of the comparison on the screen, once it is another than `previous`. */
export async function askOnScreen(page: Page, previous: string): Promise<string> {
  const region = await page.waitForSelector(`[data-ask]:not([data-ask="${previous}"])`);
  return (await region.getAttribute("data-ask")) ?? "";
}

/** Answers what comes after `previous` and notes what was meant; the id of what was answered. */
export async function judge(page: Page, previous: string, press: Press, meant: Map<string, Meant>): Promise<string> {
  const askId = await askOnScreen(page, previous);
  const left = await page.locator(`[data-ask="${askId}"] .sheet.left .column > p`).first().innerText();
  meant.set(askId, { verdict: press.verdict, left });
  await page.keyboard.press(press.key);
  return askId;
}

/** The press number `i` of a sitting that uses all keys in turn. */
export function pressAt(i: number): Press {
  const press = PRESSES[i % PRESSES.length];
  if (press === undefined) throw new Error("there are no presses");
  return press;
}

/**
 * Thirty verdicts with all keys: after the tenth, an undo and another verdict for the same comparison; after the
 * seventeenth, at once, a reload.
 */
export async function judgeThirty(page: Page, expectSame: (shown: string, wanted: string) => void): Promise<ReadonlyMap<string, Meant>> {
  const meant = new Map<string, Meant>();
  let asked = "";
  for (let i = 0; i < 30; i += 1) {
    asked = await judge(page, asked, pressAt(i), meant);
    if (i === 9) {
      const next = await askOnScreen(page, asked);
      await page.keyboard.press("Control+z");
      expectSame(await askOnScreen(page, next), asked);
      asked = await judge(page, next, pressAt(3), meant);
    }
    if (i === 16) await page.reload();
  }
  return meant;
}
