/** Browser tests want a Chromium: one of the machine, or on a CI machine one that is installed now. */
import { spawnSync } from "node:child_process";
import { findChromium } from "#tests/support/browser.ts";

const INSTALL = ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core"];
// Another installation may hold the lock of the package database.
const WAIT = ["-o", "DPkg::Lock::Timeout=300"];

/**
 * Installs Chromium where there is none, with apt-get and only as root with CI=true; elsewhere it says the command.
 * Failing is no error: the browser tests are then skipped, which the end of the run says.
 */
export function ensureChromium(say: (sentence: string) => void): void {
  if (findChromium() !== undefined) return;
  const command = `apt-get ${INSTALL.join(" ")}`;
  if (process.env["CI"] !== "true" || process.getuid?.() !== 0) {
    say(`no Chromium was found, so the browser tests are skipped. On Debian this would install one: ${command}`);
    return;
  }
  say(`no Chromium was found; installing one (${command}).`);
  const isDone = aptGet(["update"]) && aptGet(INSTALL);
  if (!isDone || findChromium() === undefined) say("Chromium could not be installed, so the browser tests are skipped.");
}

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync("apt-get", ["-qq", ...WAIT, ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  return status === 0;
}
