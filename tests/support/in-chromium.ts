/** Tests of the built page in a real Chromium: both are there once for a test file, each test has a page of its own. */
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import type { LabRouter } from "#main/lab/lab.ts";
import { findChromium, launchChromium, PATIENCE_MS, sayChromiumIsMissing, shotsFolder } from "#tests/support/browser.ts";
import { type ExpectedTrouble, watchForTrouble } from "#tests/support/page-trouble.ts";
import { type BuiltPage, buildPage, servePage, type ServedPage } from "#tests/support/served-page.ts";

export type Scheme = "light" | "dark";
export type Size = { readonly name: string; readonly width: number; readonly height: number };

/** What the mock-ups are drawn for, and the smallest window. */
export const USUAL: Size = { name: "usual", width: 1440, height: 900 };
export const SMALL: Size = { name: "small", width: 1024, height: 700 };
/** Half a screen: what stands side by side stands one above the other. */
export const NARROW: Size = { name: "narrow", width: 720, height: 900 };

export type PageOptions = ExpectedTrouble & {
  readonly colorScheme?: Scheme;
  /** Done to the page before it is led anywhere. */
  readonly prepare?: (page: Page) => Promise<void>;
};

export type OpenedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every address that the page asked for. */
  readonly requests: readonly string[];
};

export type Look = {
  readonly schemes?: readonly Scheme[];
  readonly sizes?: readonly Size[];
  /** Once more with text at 200 %. */
  readonly largeText?: boolean;
};

export type Pages = {
  /** The folder of the built page. Like all below only of use while a test runs. */
  root(): string;
  /** A page at an address. It is closed with its test, which fails if the page had trouble. */
  open(url: string, options?: PageOptions): Promise<OpenedPage>;
  /** A page served with this lab behind it. The lab is the test's to close. */
  serve(router: LabRouter, options?: PageOptions): Promise<OpenedPage & { readonly served: ServedPage }>;
  /** Nothing that axe finds, nothing that runs over, at each size; each is pictured. Light and dark, usual and small, if not told otherwise. */
  look(page: Page, name: string, look?: Look): Promise<void>;
  /** Pictures the page as it is, without a check: for what does not stand still. */
  picture(page: Page, name: string): Promise<void>;
};

/** `describe` with a page and a browser; where no Chromium is found the tests are skipped, aloud. */
export function describeInChromium(what: string, tests: (pages: Pages) => void): void {
  const path = findChromium();
  if (path === undefined) sayChromiumIsMissing(what);
  describe.skipIf(path === undefined)(what, () => {
    let started: { readonly built: BuiltPage; readonly browser: Browser } | undefined;
    beforeAll(async () => {
      started = { built: await buildPage(), browser: await launchChromium(path ?? "") };
    });
    afterAll(async () => {
      await started?.browser.close();
      await started?.built.remove();
    });
    tests(
      createPages(() => {
        if (started === undefined) throw new Error("expected a running test: before that there is no built page and no browser");
        return started;
      }),
    );
  });
}

function createPages(started: () => { readonly built: BuiltPage; readonly browser: Browser }): Pages {
  const shots = shotsFolder();
  const pathOf = (picture: string): string => join(shots, `${picture}.png`);
  const open = async (url: string, options: PageOptions = {}): Promise<OpenedPage> => {
    const { colorScheme = "light", prepare } = options;
    const context = await started().browser.newContext({ viewport: USUAL, colorScheme, reducedMotion: "reduce", acceptDownloads: true });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const trouble = watchForTrouble(page, options);
    onTestFinished(async () => {
      await context.close();
      expect(trouble.found).toEqual([]);
    });
    await prepare?.(page);
    await page.goto(url);
    return { page, context, requests: trouble.requests };
  };
  return {
    root: () => started().built.root,
    open,
    serve: async (router, options) => {
      const served = await servePage(started().built.root, router);
      // What is registered later is done earlier: the page is closed before its server.
      onTestFinished(async () => {
        await served.close();
      });
      return { ...(await open(served.url, options)), served };
    },
    look: async (page, name, look) => {
      await lookAt(page, pathOf, name, look);
    },
    picture: async (page, name) => {
      await page.screenshot({ path: pathOf(name) });
    },
  };
}

async function lookAt(page: Page, pathOf: (picture: string) => string, name: string, look: Look = {}): Promise<void> {
  const before = await page.evaluate((): Scheme => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  const picture = async (title: string): Promise<void> => {
    // What floats is placed anew in the frame after the window has got its size.
    await page.evaluate(() => new Promise((placed) => requestAnimationFrame(() => requestAnimationFrame(placed))));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect([title, over]).toEqual([title, 0]);
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    await page.screenshot({ path: pathOf(title) });
  };
  for (const colorScheme of look.schemes ?? (["light", "dark"] as const)) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction((wanted) => document.documentElement.dataset["mantineColorScheme"] === wanted, colorScheme);
    await expectNoAxeFindings(page, `${name} ${colorScheme}`);
    for (const size of look.sizes ?? [USUAL, SMALL]) {
      await page.setViewportSize(size);
      await picture(`${name}.${colorScheme}.${size.name}`);
    }
    await page.setViewportSize(USUAL);
  }
  await page.emulateMedia({ colorScheme: before });
  if (look.largeText !== true) return;
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await expectNoAxeFindings(page, `${name} text-200`);
  await picture(`${name}.${before}.text-200`);
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
}

/** Fails with what axe finds against WCAG 2.2 A and AA and its best practices. */
export async function expectNoAxeFindings(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
  expect([where, found]).toEqual([where, []]);
}
