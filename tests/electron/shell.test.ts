/** The built shell on a stand-in for Electron: its window, its lab process and its engine are real, and what it denies is denied. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { CONTENT_SECURITY_POLICY } from "#main/host/page-files.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { type BuiltShell, buildShell, type Electron, hostClient, labClient, launchShell, pagePort } from "#tests/support/electron/launch.ts";

let built: BuiltShell;

beforeAll(async () => {
  built = await buildShell("shell");
});

afterAll(async () => {
  await built.remove();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

type Launched = { readonly electron: Electron; readonly home: string };

async function launch(before?: (electron: Electron) => void, home = tempFolder()): Promise<Launched> {
  const electron = await launchShell(built, home, before);
  onTestFinished(async () => {
    await quit(electron);
  });
  return { electron, home };
}

/** A round of seconds: the demo's own takes a minute. */
async function makeQuick(lab: LabClient): Promise<void> {
  const experiment = await lab.experiments.get();
  if (experiment === null) throw new Error("expected an experiment");
  const { config } = experiment;
  const sampling = { ...config.sampling, responsesPerPrompt: 2 };
  await lab.experiments.configure({ config: { ...config, sampling, evaluation: { ...config.evaluation, maxPrompts: 20 } } });
}

/** Asks to quit, and waits until the lab process has let go and the app has gone. */
async function quit(electron: Electron): Promise<void> {
  if (electron.app.quitCount > 0 || !electron.app.hasLock) return;
  const gone = new Promise<void>((resolve) => {
    electron.app.once("quit", resolve);
  });
  electron.record.answers.unshift(1);
  electron.app.quit();
  await gone;
}

describe("the start", () => {
  it("makes one window with a page that can do nothing by itself, and loads it from the app's own origin", async () => {
    const { electron } = await launch();
    const [window] = electron.BrowserWindow.all;
    expect(window?.options.webPreferences).toEqual({
      preload: join(built.folder, "preload", "index.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(window?.loaded).toEqual(["app://bundle/index.html"]);
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(electron.record.schemes).toEqual([
      { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
    ]);
  });

  it("shows the window of the first start when the program is started again, with the folder that was named there", async () => {
    const { electron, home } = await launch();
    const { folder, key } = await hostClient(electron).experiments.create({ name: "Named", config: await configOf() });
    await hostClient(electron).experiments.forget({ folder });
    electron.app.emit("second-instance", {}, ["nashlab", "--experiment=data/experiments/named"], home);
    expect(electron.BrowserWindow.all).toHaveLength(1);
    const [window] = electron.BrowserWindow.all;
    expect(window?.isFocusedNow).toBe(true);
    await expect.poll(() => window?.webContents.sent).toEqual([["nashlab:show", key]]);
    expect((await hostClient(electron).experiments.recent()).map((card) => card.name)).toEqual(["Named"]);

    // A folder without an experiment gets one, as at the first start.
    electron.app.emit("second-instance", {}, ["nashlab", "--experiment=begun"], home);
    await expect.poll(() => window?.webContents.sent.length).toBe(2);
    const { experiment } = await hostClient(electron).about({});
    expect([experiment?.folder, window?.webContents.sent[1]]).toEqual([join(home, "begun"), ["nashlab:show", experiment?.key]]);

    writeFileSync(join(home, "notes.txt"), "");
    electron.app.emit("second-instance", {}, ["nashlab", "--experiment=notes.txt"], home);
    await expect.poll(() => electron.record.messageBoxes.at(-1)?.detail).toBe(`expected a folder, got the file ${join(home, "notes.txt")}.`);
    expect(window?.webContents.sent).toHaveLength(2);
  });

  it("is offline where the environment says so", async () => {
    vi.stubEnv("NASHLAB_OFFLINE", "1");
    const { electron } = await launch();
    const { key } = await hostClient(electron).experiments.create({ name: "Alone", config: await configOf() });
    expect(await labClient(electron, key).settings.network()).toMatchObject({ isOffline: true, isForced: true });
  });

  it("opens the folder of a start that came before the first was ready", async () => {
    const home = tempFolder();
    const first = await launchShell(built, home);
    const { folder } = await hostClient(first).experiments.create({ name: "Early", config: await configOf() });
    await hostClient(first).experiments.forget({ folder });
    await quit(first);
    const { electron } = await launch(
      // The listener is there when the entry has been read; "ready" comes after that.
      (fake) => {
        fake.app.beforeReady = () => fake.app.emit("second-instance", {}, ["nashlab", "--experiment=data/experiments/early"], home);
      },
      home,
    );
    await expect.poll(async () => (await hostClient(electron).experiments.recent()).map((card) => card.name)).toEqual(["Early"]);
  });

  it("ends at once where another has the lock, without a window", async () => {
    const { electron } = await launch((fake) => {
      fake.app.hasLock = false;
    });
    expect([electron.app.quitCount, electron.BrowserWindow.all.length, electron.record.processes.length]).toEqual([1, 0, 0]);
  });
});

describe("what the page may not do", () => {
  it("navigates nowhere, opens no window, attaches no view, is given no permission", async () => {
    const { electron } = await launch();
    const { webContents } = electron.BrowserWindow.all[0] ?? new electron.BrowserWindow({});
    const isPrevented = (name: string, url: string): boolean => {
      let prevented = false;
      webContents.emit(name, { url, preventDefault: () => (prevented = true) });
      return prevented;
    };
    for (const name of ["will-navigate", "will-redirect"]) {
      expect(isPrevented(name, "https://example.org/")).toBe(true);
      expect(isPrevented(name, "app://bundle.example.org/")).toBe(true);
      expect(isPrevented(name, "file:///etc/passwd")).toBe(true);
      expect(isPrevented(name, "app://bundle/index.html")).toBe(false);
    }
    expect(isPrevented("will-attach-webview", "")).toBe(true);
    const granted: boolean[] = [];
    (electron.record.permissionRequest as (a: unknown, b: string, c: (is: boolean) => void) => void)(webContents, "media", (is) => granted.push(is));
    const checked = [electron.record.permissionCheck, electron.record.devicePermission].map((check) => (check as () => unknown)());
    expect([granted, checked]).toEqual([[false], [false, false]]);
  });

  it("opens a web address outside only when a person has agreed, and no other kind of address", async () => {
    const { electron } = await launch();
    const open = (url: string): string | undefined => electron.BrowserWindow.all[0]?.webContents.openHandler?.({ url }).action;
    electron.record.answers.push(1);
    expect(open("https://example.org/a")).toBe("deny");
    await expect.poll(() => electron.record.messageBoxes.length).toBe(1);
    electron.record.answers.push(0);
    expect(open("https://example.org/b")).toBe("deny");
    await expect.poll(() => electron.record.opened).toEqual(["https://example.org/b"]);
    for (const url of ["http://example.org/", "file:///etc/passwd", "javascript:alert(1)", "not an address"]) expect(open(url)).toBe("deny");
    expect(electron.record.messageBoxes).toHaveLength(2);
  });

  it("reads the built page's files and nothing else, under the browser's policy", async () => {
    const { electron } = await launch();
    const handler = electron.record.protocolHandlers.get("app");
    const ask = async (url: string, method = "GET"): Promise<number> => (await handler?.({ url, method }))?.status ?? 0;
    writeFileSync(join(built.folder, "secret.txt"), "secret");
    const page = await handler?.({ url: "app://bundle/index.html", method: "GET" });
    expect([page?.status, page?.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const html = (await page?.text()) ?? "";
    expect(html).toContain("<title>Nash Lab</title>");
    expect(page?.headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
    expect(await ask("app://bundle/")).toBe(200);
    expect(await ask(`app://bundle${/src="[.]?(?<path>[^"]+[.]js)"/u.exec(html)?.groups?.["path"] ?? ""}`)).toBe(200);
    for (const path of [
      "../secret.txt",
      "..%2fsecret.txt",
      "assets/..%2f..%2fsecret.txt",
      "%2e%2e/secret.txt",
      "index.html%00.js",
      "assets",
      "..%5csecret.txt",
      "%ff",
      ".env",
    ]) {
      expect([path, await ask(`app://bundle/${path}`)]).toEqual([path, 404]);
    }
    expect(await ask("app://other/index.html")).toBe(404);
    expect(await ask("app://bundle/index.html", "POST")).toBe(405);
  });

  it("is connected only from our page's top frame, to a name of the known form", async () => {
    const { electron } = await launch();
    const isClosed = async (message: unknown, frame?: object | null): Promise<boolean> => {
      const port = pagePort(electron, message, frame);
      return await new Promise<boolean>((resolve) => {
        port.once("close", () => {
          resolve(true);
        });
        port.once("message", () => {
          resolve(false);
        });
        port.start();
      });
    };
    const ours = { url: "app://bundle/index.html", parent: null };
    expect(await isClosed({ target: "host" }, { url: "https://example.org/", parent: null })).toBe(true);
    expect(await isClosed({ target: "host" }, { ...ours, parent: ours })).toBe(true);
    expect(await isClosed({ target: "host" }, null)).toBe(true);
    expect(await isClosed({ target: "../host" })).toBe(true);
    expect(await isClosed({ target: "host", more: 1 })).toBe(true);
    expect(await isClosed("host")).toBe(true);
    // A key that nobody knows is closed by the lab process.
    expect(await isClosed({ target: "0123456789ab" })).toBe(true);
    expect((await hostClient(electron).about({})).kind).toBe("window");
  });
});

describe("the lab behind the window", () => {
  it("runs the demo's round in processes of its own, seen on the desktop, and is asked about before quitting", async () => {
    const { electron } = await launch();
    const host = hostClient(electron);
    const { key } = await host.experiments.createDemo({ rounds: 0 });
    const lab = labClient(electron, key);
    await makeQuick(lab);
    await lab.rounds.start({});
    const [window] = electron.BrowserWindow.all;
    await expect.poll(() => electron.record.blockers.size, { timeout: 60_000 }).toBe(1);
    await expect.poll(() => window?.progress.some((share) => share > 0 && share < 1), { timeout: 60_000 }).toBe(true);
    // The lab and its engine.
    expect(electron.record.processes.map(({ entry }) => entry.split("/").at(-1))).toEqual(["lab-process.js", "engine-process.js"]);

    // Quitting asks; the first answer leaves it in the background, behind a tray item.
    electron.record.answers.push(0);
    electron.app.quit();
    await expect.poll(() => electron.BrowserWindow.all.length).toBe(0);
    expect([electron.app.quitCount, electron.record.trays.length]).toEqual([0, 1]);
    expect(electron.record.messageBoxes.at(-1)?.detail).toContain("round 1");
    electron.record.trays[0]?.menu.find(({ label }) => label === "Show the window")?.click?.();
    expect(electron.BrowserWindow.all).toHaveLength(1);

    expect(await lab.rounds.settle()).toEqual({ state: "done", error: null });
    await expect.poll(() => electron.record.blockers.size).toBe(0);
    expect(electron.BrowserWindow.all[0]?.progress.at(-1)).toBe(-1);
    expect(electron.record.notifications.map(({ title }) => title)).toEqual([expect.stringMatching(/round 1 is done$/u)]);
    await expect(lab.settings.about()).resolves.toMatchObject({ host: "electron" });
    // Files that come with the lab are found from where the build lies, too.
    const templates = await lab.settings.templates();
    expect(templates.map(({ name }) => name)).toContain("pairwise");
  });

  it("goes on after its lab process was killed: the page connects again, and the engine went with it", async () => {
    const { electron } = await launch();
    const { key } = await hostClient(electron).experiments.createDemo({ rounds: 0 });
    const [lab, engine] = electron.record.processes;
    const port = pagePort(electron, { target: key });
    const closed = new Promise((resolve) => port.once("close", resolve));
    port.start();
    process.kill(lab?.pid ?? 0, "SIGKILL");
    await closed;
    await expect.poll(() => electron.record.processes.length).toBeGreaterThan(2);
    await expect.poll(() => engine?.pid).toBeUndefined();
    expect((await labClient(electron, key).experiments.get())?.policies).toHaveLength(1);
    expect(electron.record.notifications.at(-1)).toMatchObject({ title: "The lab process ended" });
  });

  it("keeps the window's place, and gives up on a lab that dies three times in a row", async () => {
    const { electron, home } = await launch();
    await hostClient(electron).about({});
    electron.BrowserWindow.all[0]?.emit("close");
    expect(JSON.parse(readFileSync(join(home, "config", "window.json"), "utf8"))).toEqual({
      box: { x: 10, y: 20, width: 1440, height: 900 },
      isMaximised: false,
    });
    for (const count of [1, 2, 3]) {
      const lab = electron.record.processes.at(-1);
      await hostClient(electron).about({});
      process.kill(lab?.pid ?? 0, "SIGKILL");
      await expect.poll(() => electron.record.notifications.length).toBe(count);
    }
    expect(electron.record.notifications.at(-1)?.body).toContain("three times in a row");
    expect(electron.record.processes).toHaveLength(3);
  });

  it("opens its window where it was, maximised as it was", async () => {
    const home = tempFolder();
    mkdirSync(join(home, "config"));
    writeFileSync(join(home, "config", "window.json"), '{"box": {"x": 40, "y": 50, "width": 1000, "height": 700}, "isMaximised": true}');
    const { electron } = await launch(undefined, home);
    expect(electron.BrowserWindow.all[0]?.options).toMatchObject({ x: 40, y: 50, width: 1000, height: 700 });
    expect(electron.BrowserWindow.all[0]?.isMaximisedNow).toBe(true);
  });

  it("does what its menu says: the page hears a command, and quitting ends it", async () => {
    const { electron } = await launch();
    await hostClient(electron).about({});
    const items = (
      electron.record.menu as readonly { readonly submenu: readonly { readonly label?: string; readonly click?: () => void }[] }[]
    ).flatMap(({ submenu }) => submenu);
    items.find(({ label }) => label === "All Commands")?.click?.();
    expect(electron.BrowserWindow.all[0]?.webContents.sent).toEqual([["nashlab:command", "palette"]]);
    expect(electron.BrowserWindow.all[0]?.isFocusedNow).toBe(true);
    items.find(({ label }) => label === "Quit Nash Lab")?.click?.();
    await expect.poll(() => electron.app.quitCount).toBe(1);
  });

  it("keeps what its menu asks for while no window is open, until the new window's page can hear it", async () => {
    // Elsewhere the program ends with its last window unless a run goes on.
    const { platform } = process;
    Object.defineProperty(process, "platform", { value: "darwin" });
    onTestFinished(() => {
      Object.defineProperty(process, "platform", { value: platform });
    });
    const { electron } = await launch();
    await hostClient(electron).about({});
    const menu = electron.record.menu as readonly { readonly submenu: readonly { readonly label?: string; readonly click?: () => void }[] }[];
    const all = menu.flatMap(({ submenu }) => submenu).find(({ label }) => label === "All Commands");
    electron.BrowserWindow.all[0]?.close();
    expect([electron.BrowserWindow.all.length, electron.app.quitCount]).toEqual([0, 0]);
    all?.click?.();
    const [window] = electron.BrowserWindow.all;
    // A message to a page that is not there yet would be lost.
    expect(window?.webContents.sent).toEqual([]);
    await expect.poll(() => window?.webContents.sent).toEqual([["nashlab:command", "palette"]]);
    all?.click?.();
    expect(window?.webContents.sent).toHaveLength(2);
  });

  it("asks with the system's dialogs", async () => {
    const { electron } = await launch();
    electron.record.chosenPaths.push("/models/one", null);
    const host = hostClient(electron);
    expect((await host.about({})).hasDialogs).toBe(true);
    expect(await host.files.choose({ what: "checkpoint" })).toBe("/models/one");
    expect(await host.files.choose({ what: "prompts" })).toBeNull();
  });

  it("finds a key again after a restart, and shows it in no reply, file or note of the lab", async () => {
    const canary = "sk-canary-8f3b21";
    const said: string[] = [];
    const terminal = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
    onTestFinished(() => {
      terminal.mockRestore();
    });
    const { electron, home } = await launch();
    const { key: experiment } = await hostClient(electron).experiments.createDemo({ rounds: 0 });
    const lab = labClient(electron, experiment);
    const prices = [{ model: "judge", inputUsdPerMillion: 1, outputUsdPerMillion: 1 }];
    await lab.settings.saveEndpoint({ name: "judge", baseUrl: "https://judge.example/v1", prices });
    const replies: unknown[] = [await lab.settings.setKey({ name: "judge", key: canary })];
    await quit(electron);

    const { electron: again } = await launch(undefined, home);
    const endpoints = await labClient(again, experiment).settings.endpoints();
    expect(JSON.stringify(endpoints)).toContain('"keychain"');
    replies.push(endpoints, await labClient(again, experiment).settings.doctor(), await hostClient(again).about({}));
    expect(said.join("")).toContain("Opened");
    expect(JSON.stringify([replies, said, again.record.notifications])).not.toContain(canary);
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.filter(({ parentPath }) => parentPath === join(home, "config", "secrets"))).toHaveLength(1);
    for (const file of files) expect([file.name, readFileSync(join(file.parentPath, file.name)).includes(canary)]).toEqual([file.name, false]);
  });
});

async function configOf() {
  const { experimentConfigSchema } = await import("#app/domain/experiment.ts");
  return experimentConfigSchema.parse({});
}

describe("the built preload", () => {
  it("is one CommonJS file that requires nothing but electron, and offers nothing that it need not", () => {
    const text = readFileSync(join(built.folder, "preload", "index.cjs"), "utf8");
    expect([...text.matchAll(/require\((?<name>[^)]*)\)/gu)].map((match) => match.groups?.["name"])).toEqual(['"electron"']);
    expect(text).not.toMatch(/^\s*(?:import|export)\s/mu);
    expect(readdirSync(join(built.folder, "preload")).sort()).toEqual(["index.cjs"]);
    expect([...text.matchAll(/exposeInMainWorld\((?<name>"[^"]*")/gu)].map((match) => match.groups?.["name"])).toEqual(['"nashlabWindow"']);
  });
});
