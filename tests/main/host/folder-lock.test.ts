/** Who owns a folder, and what is said where nobody can. */
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FolderError } from "#main/host/folder-error.ts";
import { ownFolder } from "#main/host/folder-lock.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

test("a folder has one owner, and is free again when that one lets it go", async () => {
  const folder = tempFolder();
  const first = await ownFolder(folder);
  if (first.kind !== "owned") throw new Error("expected to own a new folder");
  expect(first.takenOverFrom).toBeNull();
  const second = await ownFolder(folder);
  expect([second.kind, second.lab?.pid]).toEqual(["foreign", process.pid]);
  await first.release();
  expect(existsSync(join(folder, "lab.json"))).toBe(false);
  const third = await ownFolder(folder);
  expect(third.kind).toBe("owned");
  if (third.kind === "owned") await third.release();
});

test("a folder in which the owner's files cannot be written is refused with the reason, and left unlocked", async () => {
  const folder = tempFolder();
  // Where the owner says where it is, there is something else.
  mkdirSync(join(folder, "lab.json"));
  const owning = ownFolder(folder);
  await expect(owning).rejects.toBeInstanceOf(FolderError);
  await expect(owning).rejects.toThrow(`An experiment's folder must be writable, and ${folder} is not: EISDIR`);
  rmdirSync(join(folder, "lab.json"));
  const again = await ownFolder(folder);
  expect(again.kind).toBe("owned");
  if (again.kind === "owned") await again.release();
});

test.runIf(process.platform === "linux")("a folder of the system, in which nobody may write, is refused in the same words", async () => {
  await expect(ownFolder("/proc/self")).rejects.toThrow(
    /^An experiment's folder must be writable, and \/proc\/self is not: unable to open database file\.$/u,
  );
});
