/** Parts of the shell by themselves: the order of the start, keys, the window's place, the menu, the preload. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { folderArgument } from "#main/electron/arguments.ts";
import type * as FakeElectron from "#tests/support/electron/fake-electron.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

let electron: typeof FakeElectron;

beforeEach(async () => {
  vi.resetModules();
  electron = await import("#tests/support/electron/fake-electron.ts");
});

describe("the stand-in for Electron", () => {
  it("is ready only after its entry has been read, so that an entry that waits for it waits for ever", async () => {
    let isRead = false;
    // What `await app.whenReady()` at the top of an entry comes to.
    const entry = electron.app.whenReady().then(() => (isRead = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isRead).toBe(false);
    expect(() => new electron.BrowserWindow({})).toThrow("before app is ready");
    // eslint-disable-next-line no-restricted-syntax -- Electron's, of the stand-in
    expect(() => electron.utilityProcess.fork("x.js")).toThrow("after the app is ready");
    electron.becomeReady();
    await entry;
    expect(() => {
      electron.protocol.registerSchemesAsPrivileged([]);
    }).toThrow("before app is ready");
  });

  it("has ports that are silent until they are started, and that close both ends", async () => {
    const { port1, port2 } = new electron.MessageChannelMain();
    const heard: unknown[] = [];
    port2.on("message", ({ data }: { readonly data: unknown }) => heard.push(data));
    port1.postMessage({ early: true });
    expect(heard).toEqual([]);
    port2.start();
    port1.postMessage(2);
    expect(heard).toEqual([{ early: true }, 2]);
    const closed = new Promise((resolve) => port2.once("close", resolve));
    port1.close();
    await closed;
  });
});

describe("keys", () => {
  it("are kept encrypted in files of the user's own, and read and deleted again", async () => {
    const { createSafeStorageKeychain } = await import("#main/electron/secrets.ts");
    const folder = join(tempFolder(), "secrets");
    const secrets = createSafeStorageKeychain(folder);
    expect(await secrets.get("openai")).toBeNull();
    await secrets.set("openai", "sk-canary-1234");
    expect(await secrets.get("openai")).toBe("sk-canary-1234");
    const written = readdirSync(folder)
      .map((name) => `${name} ${readFileSync(join(folder, name), "latin1")}`)
      .join("\n");
    expect(written).not.toMatch(/openai|canary/u);
    await secrets.delete("openai");
    expect(await secrets.get("openai")).toBeNull();
  });

  it("are sealed anew where the system asks for it, in the same file, and stay the same", async () => {
    const { createSafeStorageKeychain } = await import("#main/electron/secrets.ts");
    const folder = join(tempFolder(), "secrets");
    const secrets = createSafeStorageKeychain(folder);
    await secrets.set("openai", "sk-canary-1234");
    const sealed = (): string =>
      readdirSync(folder)
        .map((name) => `${name} ${readFileSync(join(folder, name)).toString("hex")}`)
        .join("\n");
    const first = sealed();
    expect(await secrets.get("openai")).toBe("sk-canary-1234");
    expect(sealed()).toBe(first);
    electron.record.shouldReEncrypt = true;
    expect(await secrets.get("openai")).toBe("sk-canary-1234");
    const second = sealed();
    expect(second).not.toBe(first);
    expect(second.split(" ")[0]).toBe(first.split(" ")[0]);
    electron.record.shouldReEncrypt = false;
    expect(await secrets.get("openai")).toBe("sk-canary-1234");
    expect(sealed()).toBe(second);
  });

  it.each([
    ["a keychain that is none", { storageBackend: "basic_text" }],
    ["no encryption", { isEncryptionAvailable: false }],
  ])("are refused where the system offers %s", async (_what, state) => {
    Object.assign(electron.record, state);
    const { createSafeStorageKeychain } = await import("#main/electron/secrets.ts");
    const folder = join(tempFolder(), "secrets");
    await expect(createSafeStorageKeychain(folder).set("openai", "sk-canary")).rejects.toThrow("offers no keychain");
    expect(() => readdirSync(folder)).toThrow();
  });

  it("reach the lab process as an answer, a refusal as its sentence", async () => {
    const { answerSecret } = await import("#main/electron/secret-requests.ts");
    const { createSafeStorageKeychain } = await import("#main/electron/secrets.ts");
    const secrets = createSafeStorageKeychain(join(tempFolder(), "secrets"));
    await answerSecret(secrets, { kind: "keepSecret", id: 1, name: "judge", value: "k" });
    expect(await answerSecret(secrets, { kind: "secretOf", id: 2, action: "get", name: "judge" })).toEqual({
      kind: "secret",
      id: 2,
      value: "k",
      failure: null,
    });
    const has = async (name: string) =>
      (await answerSecret(secrets, { kind: "secretOf", id: 4, action: "has", name })) as { readonly value: unknown };
    expect([(await has("judge")).value, (await has("other")).value]).toEqual(["", null]);
    electron.record.isEncryptionAvailable = false;
    expect(await answerSecret(secrets, { kind: "secretOf", id: 3, action: "get", name: "judge" })).toMatchObject({
      id: 3,
      value: null,
      failure: expect.stringContaining("no keychain") as string,
    });
  });
});

describe("the window's place", () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };

  it("is kept, and left to the system where no screen shows it any more", async () => {
    const { readWindowState, USUAL, writeWindowState } = await import("#main/electron/window-state.ts");
    const path = join(tempFolder(), "config", "window.json");
    expect(readWindowState(path, [screen])).toEqual(USUAL);
    const state = { box: { x: 2000, y: 100, width: 1000, height: 800 }, isMaximised: true };
    writeWindowState(path, state);
    expect(readWindowState(path, [screen, { ...screen, x: 1920 }])).toEqual(state);
    expect(readWindowState(path, [screen])).toEqual({ box: { width: 1000, height: 800 }, isMaximised: true });
    writeFileSync(path, '{"box": "none"}');
    expect(readWindowState(path, [screen])).toEqual(USUAL);
    // No folder can be made where there is a file, as none on a full disk: the window closes all the same.
    writeWindowState(join(path, "window.json"), state);
    expect(readWindowState(join(path, "window.json"), [screen])).toEqual(USUAL);
  });
});

describe("the menu", () => {
  it.each(["linux", "darwin"] as const)("names every accelerator once, and tells the page what was chosen, on %s", async (platform) => {
    const { menuTemplate } = await import("#main/electron/menu.ts");
    const chosen: string[] = [];
    let quits = 0;
    const items = menuTemplate({ command: (name) => chosen.push(name), quit: () => (quits += 1) }, platform).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    );
    const accelerators = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(accelerators).size).toBe(accelerators.length);
    for (const item of items) (item.click as (() => void) | undefined)?.();
    expect(chosen.sort()).toEqual(["experiments", "newExperiment", "openExperiment", "palette", "settings"]);
    expect(quits).toBe(1);
  });
});

it("takes an experiment's folder from the arguments of another start, from where that was given", () => {
  expect(folderArgument(["electron", ".", "--experiment=haiku"], "/home/ada")).toBe("/home/ada/haiku");
  expect(folderArgument(["electron", ".", "--experiment=/data/x"], "/home/ada")).toBe("/data/x");
  expect(folderArgument(["electron", "."], "/home/ada")).toBeNull();
});
