/** Who owns a folder, and what is said where nobody can. */
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectLab } from "#main/host/connect.ts";
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

test("an owner that is stopped, for which the system takes connections all the same, is waited for no longer than patience lasts", async () => {
  const folder = tempFolder();
  const owner = await ownFolder(folder);
  if (owner.kind !== "owned") throw new Error("expected to own a new folder");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(owner.lab.socketPath, resolve));
  onTestFinished(async () => {
    server.close();
    await owner.release();
  });
  const open = (): Promise<never> => Promise.reject(new Error("the folder is somebody else's"));
  const connecting = connectLab(folder, open, { note: () => undefined, warn: () => undefined, patienceMs: 300 });
  await expect(connecting).rejects.toBeInstanceOf(FolderError);
  await expect(connecting).rejects.toThrow(`process ${process.pid} owns ${folder} but does not answer`);
});
