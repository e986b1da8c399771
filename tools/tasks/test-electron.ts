/** `npm run test:electron`: drives the real Electron where its binary is on disk, and says plainly that it is skipped where not. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron } from "playwright-core";
import { findElectron } from "#main/host/electron-binary.ts";
import { ROOT } from "../checks/root.ts";

const PATIENCE_MS = 120_000;
/** Two rounds. */
const DEMO_PATIENCE_MS = 900_000;

const binary = findElectron(ROOT, process.env);
if (binary.path === null) {
  process.stdout.write(`SKIPPED, nothing was tested: ${binary.reason}.\n0 passed, 0 failed, 1 skipped\n`);
} else {
  const built = spawnSync(process.execPath, [join(ROOT, "node_modules", "electron-vite", "bin", "electron-vite.js"), "build", "--logLevel", "warn"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (built.status !== 0) process.exit(1);
  await driveElectron(binary.path);
}

/** From the first run to the demo's finished rounds, in a real window; then the end of every process. */
async function driveElectron(executablePath: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "nashlab-electron-"));
  const folders = { NASHLAB_CACHE_DIR: join(home, "cache"), NASHLAB_CONFIG_DIR: join(home, "config"), NASHLAB_DATA_DIR: join(home, "data") };
  // As root Chromium's sandbox cannot be set up.
  const args = [ROOT, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  const electron = await _electron.launch({ executablePath, args, env: { ...stringsOf(process.env), ...folders }, timeout: PATIENCE_MS });
  try {
    const page = await electron.firstWindow();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.getByRole("button", { name: "Run the demo" }).click();
    await page.getByRole("button", { name: "Start round 3" }).waitFor({ timeout: DEMO_PATIENCE_MS });
    process.stdout.write(`1 passed, 0 failed (${executablePath})\n`);
  } catch (thrown) {
    process.stdout.write(`0 passed, 1 failed: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  } finally {
    await electron.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
