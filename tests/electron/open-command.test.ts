/** `npm start`: a window where Electron's binary is, else the browser; it says which and why, and nothing is downloaded. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findElectron } from "#main/host/electron-binary.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const ROOT = resolve(import.meta.dirname, "../..");

function program(folder: string, name: string): string {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

describe("Electron's binary", () => {
  it("is the one that its package installed, under the name that was written down", () => {
    const root = tempFolder();
    const package_ = join(root, "node_modules", "electron");
    expect(findElectron(root, {})).toEqual({ path: null, reason: expect.stringContaining("npm run electron:install") as string });
    const usual = program(join(package_, "dist"), "electron");
    expect(findElectron(root, {}, "linux")).toEqual({ path: usual });
    const named = program(join(package_, "dist"), "nightly/electron");
    writeFileSync(join(package_, "path.txt"), "nightly/electron\n");
    expect(findElectron(root, {}, "linux")).toEqual({ path: named });
  });

  it("is that of another distribution where one is named, and no other then", () => {
    const root = tempFolder();
    program(join(root, "node_modules", "electron", "dist"), "electron");
    const other = join(root, "other");
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: other }, "linux")).toEqual({
      path: null,
      reason: `ELECTRON_OVERRIDE_DIST_PATH names ${other}, but there is no electron in it that can be run`,
    });
    const path = program(other, "electron");
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: other }, "linux")).toEqual({ path });
    const mac = program(other, "Electron.app/Contents/MacOS/Electron");
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: other }, "darwin")).toEqual({ path: mac });
  });
});

describe("the scripts of package.json", () => {
  it("download in one place only", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };
    const installing = Object.entries(scripts).filter(([, command]) => /electron-install|install-electron|install\.js/u.test(command));
    expect(installing.map(([name]) => name)).toEqual(["electron:install"]);
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?(?:install|prepare|prepack)$/u.test(name))).toEqual([]);
  });
});
