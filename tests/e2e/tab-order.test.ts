/** Tab reaches all that can be used on each screen, in the order in which it is read, with a ring around it and in sight. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openReadyLab, runRound, SCRIPTED } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

const NOISY = { ...SCRIPTED, oracle: { kind: "targetLength", target: 10, unit: "characters", noise: 0.5 } };
const SCREENS = ["rounds", "annotate", "judgments", "training", "results", "policies", "set-up", "settings"] as const;
/** No screen has more stops than this. */
const MOST_STOPS = 300;

describeInChromium("the order of Tab", (pages) => {
  it.each(SCREENS)("goes through all of %s", async (screen) => {
    const lab = await openReadyLab({ config: NOISY, training: 6, validation: 12 });
    await runRound(lab.client);
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("link", { name: "Rounds" }).waitFor();
    await page.evaluate((name) => {
      location.hash = `#/${name}`;
    }, screen);
    await page.locator(`.nav-item[href="#/${screen}"][aria-current], main h1`).first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.locator("[role=status]", { hasText: /…$/u }).first().waitFor({ state: "detached" });
    const wanted = await numberStops(page);
    expect(wanted).toBeGreaterThan(8);
    const met = await walk(page);
    expect(met.filter(({ trouble }) => trouble !== "")).toEqual([]);
    const order = met.flatMap(({ stop }) => (stop === null ? [] : [stop]));
    // Where a page begins to be walked is the browser's: it goes round once.
    const first = order.indexOf(0);
    expect([...order.slice(first), ...order.slice(0, first)]).toEqual(Array.from({ length: wanted }, (_, i) => i));
  });
});

/** Numbers all that Tab should come to, as it is read: how many there are. */
async function numberStops(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const stops = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex]")].filter((element) => {
      if (element.tabIndex < 0 || element.matches(":disabled, [inert] *") || !element.checkVisibility({ visibilityProperty: true })) return false;
      // Of radio buttons of one name Tab comes to the one that is chosen, or to the first.
      if (!(element instanceof HTMLInputElement) || element.type !== "radio") return true;
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${element.name}"]:not(:disabled)`)];
      return (group.find(({ checked }) => checked) ?? group[0]) === element;
    });
    stops.forEach((element, i) => {
      element.dataset["tabNumber"] = String(i);
    });
    return stops.length;
  });
}

type Met = { readonly stop: number | null; readonly trouble: string };

/** Presses Tab until it comes to a stop for the second time. */
async function walk(page: Page): Promise<readonly Met[]> {
  const met: Met[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < MOST_STOPS; i += 1) {
    await page.keyboard.press("Tab");
    const one = await page.evaluate((): Met => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return { stop: null, trouble: "" };
      const { outlineStyle } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const isInSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      const name = `${element.tagName.toLowerCase()} ${element.getAttribute("aria-label") ?? element.textContent}`.slice(0, 60);
      const trouble = [outlineStyle === "none" ? "no ring" : "", isInSight ? "" : "out of sight"].filter((word) => word !== "").join(", ");
      const stop = element.dataset["tabNumber"];
      return { stop: stop === undefined ? null : Number(stop), trouble: trouble === "" ? "" : `${name}: ${trouble}` };
    });
    if (one.stop !== null && seen.has(one.stop)) return met;
    if (one.stop !== null) seen.add(one.stop);
    met.push(one);
  }
  throw new Error(`expected Tab to come back to where it began within ${MOST_STOPS} presses`);
}
