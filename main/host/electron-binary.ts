/** Where Electron's binary is, if it is on disk. The package `electron` itself must not be asked: it would download one. */
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { hostWords } from "#app/text/host.ts";

export type ElectronBinary = { readonly path: string } | { readonly path: null; readonly reason: string };

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: "electron.exe",
  darwin: "Electron.app/Contents/MacOS/Electron",
};

/** `root`: the folder that has node_modules. ELECTRON_OVERRIDE_DIST_PATH names another distribution. */
export function findElectron(root: string, env: Readonly<Record<string, string | undefined>>, platform = process.platform): ElectronBinary {
  const override = env["ELECTRON_OVERRIDE_DIST_PATH"];
  const name = NAMES[platform] ?? "electron";
  const package_ = join(root, "node_modules", "electron");
  const path = override === undefined ? join(package_, "dist", installedName(package_) ?? name) : join(override, name);
  if (isExecutable(path)) return { path };
  return {
    path: null,
    reason: override === undefined ? hostWords.noElectron : hostWords.noElectronThere(override, name),
  };
}

/** What the package's own installer wrote down. */
function installedName(package_: string): string | undefined {
  try {
    return readFileSync(join(package_, "path.txt"), "utf8").trim();
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
