/** `npm run electron:install`: fetches Electron's binary; the only command of the lab that downloads a program. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findElectron } from "#main/host/electron-binary.ts";
import { ROOT } from "../checks/root.ts";

const present = findElectron(ROOT, process.env);
if (present.path !== null) {
  process.stdout.write(`Electron's binary is on disk already: ${present.path}\n`);
} else {
  const env = { ...process.env };
  // Elsewhere this keeps installations from downloading; here a download is what was asked for.
  delete env["ELECTRON_SKIP_BINARY_DOWNLOAD"];
  process.stdout.write("Fetching Electron's binary (about 110 MB) as its package says ...\n");
  const { status } = spawnSync(process.execPath, [join(ROOT, "node_modules", "electron", "install.js")], { cwd: ROOT, env, stdio: "inherit" });
  const found = findElectron(ROOT, process.env);
  process.stdout.write(
    found.path === null
      ? "Electron's binary could not be fetched; npm start opens the lab in the browser.\n"
      : "npm start now opens the lab in a window.\n",
  );
  process.exitCode = status === 0 && found.path !== null ? 0 : 1;
}
