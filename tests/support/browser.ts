/** A Chromium of this machine, driven as a person would: where there is none, its tests are skipped, aloud. */
import { accessSync, constants, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** How long a test waits for what must come: a busy machine is no failure. */
export const PATIENCE_MS = 120_000;

/** The path of a Chromium: NASHLAB_CHROMIUM if it is set, else one of the usual places; undefined if there is none. */
export function findChromium(): string | undefined {
  const named = process.env["NASHLAB_CHROMIUM"];
  return (named === undefined ? PLACES : [named]).find(isExecutable);
}

/** Says once, on standard error, which tests are not run and what would make them run. */
export function sayChromiumIsMissing(tests: string): void {
  process.stderr.write(
    `SKIPPED: ${tests}: no Chromium was found. Install one (Debian: apt-get install --no-install-recommends chromium), or name it in NASHLAB_CHROMIUM.\n`,
  );
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--font-render-hinting=none",
      "--force-color-profile=srgb",
    ],
  });
}

/** A folder for screenshots: NASHLAB_SHOTS if it is set, so that they stay, else a new temporary one. */
export function shotsFolder(): string {
  return process.env["NASHLAB_SHOTS"] ?? mkdtempSync(join(tmpdir(), "nashlab-shots-"));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
