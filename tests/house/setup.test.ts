/** The set-up before any task: which Node will do, what is missing of the locked packages, and what is said where nothing will do. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { ROOT } from "#tools/checks/root.ts";
import { ensureCommand } from "#tools/setup/command.cjs";
import { ensureDependencies, firstDifference } from "#tools/setup/dependencies.cjs";
import { ensureNode, isUsable } from "#tools/setup/node.cjs";

type Lock = Readonly<Record<string, { readonly version: string; readonly optional?: boolean; readonly devOptional?: boolean }>>;

/** A folder with a lock file, and with what was installed of it; a package in `withoutFolder` is noted, but not there. */
function project(locked: Lock, installed: Lock | undefined, withoutFolder: readonly string[] = []): string {
  const folder = tempFolder();
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": { version: "0.1.0" }, ...locked } }));
  if (installed === undefined) return folder;
  for (const name of Object.keys(installed).filter((one) => !withoutFolder.includes(one))) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "package.json"), "{}");
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  return folder;
}

const zod = { "node_modules/zod": { version: "4.0.0" } };

test("what is installed as locked differs in nothing", () => {
  expect(firstDifference(project(zod, zod))).toBeUndefined();
});

test("what differs first is named: nothing there, a package missing, its folder gone, another version", () => {
  expect(firstDifference(project(zod, undefined))).toBe("nothing is installed yet");
  const broken = project(zod, zod);
  writeFileSync(join(broken, "node_modules", ".package-lock.json"), '{"packages":');
  expect(firstDifference(broken)).toBe("nothing is installed yet");
  expect(firstDifference(project(zod, {}))).toBe("zod is missing");
  expect(firstDifference(project(zod, zod, ["node_modules/zod"]))).toBe("zod is missing");
  expect(firstDifference(project(zod, { "node_modules/zod": { version: "3.0.0" } }))).toBe("zod is 3.0.0, not 4.0.0");
});

test("packages for other machines are not missed", () => {
  const locked = {
    ...zod,
    "node_modules/only-mac": { version: "1.0.0", optional: true },
    "node_modules/either": { version: "1.0.0", devOptional: true },
  };
  expect(firstDifference(project(locked, zod))).toBeUndefined();
});

test("a folder without a lock file is our mistake, and said", () => {
  const folder = project(zod, zod);
  rmSync(join(folder, "package-lock.json"));
  expect(() => firstDifference(folder)).toThrow(/expected a lock file of npm at .*package-lock\.json/u);
});

test("nothing is installed where nothing is missing", () => {
  const folder = project(zod, zod);
  ensureDependencies(folder, "nothing");
  expect(readdirSync(folder).sort()).toEqual(["node_modules", "package-lock.json"]);
});

test.each([
  ["24.11.0", true],
  ["24.21.3", true],
  ["24.10.9", false],
  ["20.19.0", false],
  ["22.99.0", false],
  ["25.0.0", false],
  ["26.1.0", false],
])("Node %s is usable: %s", (version, usable) => {
  expect(isUsable(version)).toBe(usable);
});

test("the Node that runs the tests is taken as it is, and package.json asks for the same ones", () => {
  expect(ensureNode()).toBe(process.execPath);
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly engines: { readonly node: string } };
  expect(engines.node).toBe(">=24.11 <25");
});

test.skipIf(process.platform === "win32")("npx nashlab finds the command of this folder, and an older link is left alone", () => {
  const root = tempFolder();
  mkdirSync(join(root, "node_modules", ".bin"), { recursive: true });
  ensureCommand(root);
  ensureCommand(root);
  const link = join(root, "node_modules", ".bin", "nashlab");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  mkdirSync(join(root, "main", "cli"), { recursive: true });
  writeFileSync(join(root, "main", "cli", "nashlab.js"), "");
  expect(existsSync(link)).toBe(true);
});

test("a task that there is not is refused with the list of those that there are", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "tset"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^nashlab: expected a task \(.*check.*demo.*test.*\), got tset\.\n$/u);
});
