/** `node tools/run.cjs screens`: the pictures of docs/screens, light and dark, of a real lab with sample data, in a Chromium of this machine. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { findChromium, launchChromium, PATIENCE_MS } from "#tests/support/browser.ts";
import { NIGHTLY_COPY, shortComparisons } from "#tests/support/comparisons.ts";
import { openHostPage } from "#tests/support/host-page.ts";
import { createFakeLab } from "#tests/support/fake-lab.ts";
import { buildPage, servePage } from "#tests/support/served-page.ts";
import { ROOT } from "../checks/root.ts";
import { PICTURES } from "../screens/pictures.ts";

const TARGET = join(ROOT, "docs", "screens");
/** Pictures are kept in the repository: nothing of them may grow. */
const MOST_BYTES = 300_000;

const chromium = findChromium();
if (chromium === undefined) {
  process.stderr.write("nashlab: no Chromium was found, so no pictures can be made.\n");
  process.exit(1);
}
mkdirSync(TARGET, { recursive: true });
const built = await buildPage();
const browser = await launchChromium(chromium);
try {
  for (const theme of ["light", "dark"] as const) await takePictures(browser, theme);
} finally {
  await browser.close();
  await built.remove();
}

/** All pictures of one theme, on a host that begins with nothing. */
async function takePictures(inBrowser: Browser, theme: "light" | "dark"): Promise<void> {
  // A short path, as it is seen in the pictures.
  const home = mkdtempSync(join(tmpdir(), "ada-"));
  const host = await openHostPage(home, built.root);
  const served = await servePage(
    built.root,
    createFakeLab({ comparisons: [NIGHTLY_COPY, ...shortComparisons(39)], guidelines: "Prefer what helps." }).router,
  );
  const context = await inBrowser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: theme, reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const files = { model: join(home, "models", "tiny"), folder: join(home, "prompts") };
    await writeTinyModel(files.model, { seed: 1 });
    mkdirSync(files.folder);
    copyFileSync(join(ROOT, "resources", "prompts", "everyday.jsonl"), join(files.folder, "everyday.jsonl"));
    const [page, reading] = [await context.newPage(), await context.newPage()];
    await page.goto(host.url);
    await reading.goto(served.url);
    for (const { name, come, isReading } of PICTURES) {
      const shown = isReading === true ? reading : page;
      await shown.bringToFront();
      await come({ page, files, reading });
      // Evaluated from outside: the page's own rules let no text become code, which waiting for a text would need.
      await shown.evaluate("document.fonts.ready.then(() => undefined)");
      const path = join(TARGET, `${name}.${theme}.png`);
      await shown.screenshot({ path });
      const { size } = statSync(path);
      if (size > MOST_BYTES) throw new Error(`expected a picture of at most ${MOST_BYTES} bytes, got ${size}: ${path}`);
      process.stdout.write(`docs/screens/${name}.${theme}.png\n`);
    }
  } finally {
    await context.close();
    await host.close();
    await served.close();
    rmSync(home, { recursive: true, force: true });
  }
}
