/** `node tools/run.cjs package`: builds the lab in a window and packs it for this platform; arguments are electron-builder's. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findElectron } from "#main/host/electron-binary.ts";
import { ROOT } from "../checks/root.ts";

const binary = findElectron(ROOT, process.env);
if (binary.path === null) {
  process.stderr.write(`nashlab: packing needs Electron: ${binary.reason}.\n`);
  process.exit(1);
}
// Electron itself is taken from disk; the tools that make an AppImage or an installer are fetched by electron-builder.
const dist = binary.path.replace(/[\\/](?:Electron\.app[\\/].*|[^\\/]+)$/u, "");
const steps = [
  [join(ROOT, "node_modules", "electron-vite", "bin", "electron-vite.js"), "build"],
  [join(ROOT, "node_modules", "electron-builder", "cli.js"), "--publish", "never", `-c.electronDist=${dist}`, ...process.argv.slice(2)],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
