/** What the desktop sees and gives: quitting, tray, taskbar, sleep, notifications, dialogs, and the one message of the preload. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Activity } from "#main/host/activity.ts";
import type * as FakeElectron from "#tests/support/electron/fake-electron.ts";

const RUNS: Activity = { runningCount: 1, share: 0.25, lines: ["Haiku: round 3, training"] };
const HALF: Activity = { ...RUNS, share: null };
const IDLE: Activity = { runningCount: 0, share: null, lines: [] };

let electron: typeof FakeElectron;

beforeEach(async () => {
  vi.resetModules();
  electron = await import("#tests/support/electron/fake-electron.ts");
  electron.becomeReady();
});

async function presenceOf(window: FakeElectron.BrowserWindow | undefined) {
  const { createPresence } = await import("#main/electron/presence.ts");
  const calls: string[] = [];
  const presence = createPresence({
    iconPath: "/icon.png",
    window: () => window as never, // the stand-in's window
    showWindow: () => calls.push("show"),
    quit: () => calls.push("quit"),
  });
  return { presence, calls };
}

describe("a run, as the desktop sees it", () => {
  it("moves the taskbar and keeps the machine awake, once, until it ends", async () => {
    const window = new electron.BrowserWindow({});
    const { presence } = await presenceOf(window);
    presence.update(RUNS);
    presence.update(HALF);
    // Beyond 1 the bar moves to and fro.
    expect([window.progress, electron.record.blockers.size]).toEqual([[0.25, 2], 1]);
    presence.update(IDLE);
    expect([window.progress.at(-1), electron.record.blockers.size]).toEqual([-1, 0]);
    presence.update(RUNS);
    presence.end();
    expect(electron.record.blockers.size).toBe(0);
  });

  it("has one tray item when its window is closed, which says what runs, shows the window and quits", async () => {
    const { presence, calls } = await presenceOf(undefined);
    presence.windowClosed();
    expect(electron.record.trays).toEqual([]);
    presence.update(RUNS);
    presence.windowClosed();
    presence.windowClosed();
    const [tray, ...more] = electron.record.trays;
    expect(more).toEqual([]);
    expect(tray?.toolTip).toBe("Nash Lab\nHaiku: round 3, training");
    tray?.emit("click");
    for (const item of tray?.menu ?? []) item.click?.();
    expect(calls).toEqual(["show", "show", "quit"]);
    presence.update(IDLE);
    expect(tray?.menu[0]?.label).toBe("Nothing runs");
    presence.end();
    expect(tray?.isDestroyed).toBe(true);
  });

  it("is told by a notification that brings the window back, but not to who looks at it", async () => {
    const window = new electron.BrowserWindow({});
    const { presence, calls } = await presenceOf(window);
    presence.tell("Haiku", "Round 3 is done");
    expect(electron.record.notifications).toEqual([{ title: "Haiku", body: "Round 3 is done" }]);
    electron.Notification.all[0]?.emit("click");
    expect(calls).toEqual(["show"]);
    window.isFocusedNow = true;
    presence.tell("Haiku", "Round 4 is done");
    expect(electron.record.notifications).toHaveLength(1);
  });
});

type Ending = { readonly did: string[]; readonly closed: PromiseWithResolvers<void> };

async function begin(activity: Activity, platform: NodeJS.Platform = "linux"): Promise<Ending> {
  const { askBeforeQuitting } = await import("#main/electron/quitting.ts");
  const did: string[] = [];
  const closed = Promise.withResolvers<void>();
  askBeforeQuitting({
    presence: { activity: () => activity, windowClosed: () => did.push("tray"), end: () => did.push("end") },
    window: () => electron.BrowserWindow.all[0],
    showWindow: () => {
      did.push("show");
      new electron.BrowserWindow({});
    },
    closeLab: async () => {
      did.push("closeLab");
      await closed.promise;
    },
    platform,
  });
  return { did, closed };
}

describe("quitting", () => {
  it("asks nothing while nothing runs, and waits for the lab", async () => {
    const { did, closed } = await begin(IDLE);
    electron.app.quit();
    await expect.poll(() => did).toEqual(["end", "closeLab"]);
    expect([electron.app.quitCount, electron.record.messageBoxes.length]).toEqual([0, 0]);
    closed.resolve();
    await expect.poll(() => electron.app.quitCount).toBe(1);
  });

  it("asks once while a run goes on, however often it is asked for, and can be called off", async () => {
    const { did } = await begin(RUNS);
    electron.record.answers.push(2, 2);
    electron.app.quit();
    electron.app.quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(electron.record.messageBoxes).toHaveLength(1);
    expect(electron.record.messageBoxes[0]?.detail).toContain("Haiku: round 3, training");
    // The question shows the window first, so that it is not asked of nobody.
    expect([did, electron.app.quitCount]).toEqual([["show"], 0]);
    electron.app.quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(electron.record.messageBoxes).toHaveLength(2);
  });

  it("that is asked for again while the run is being paused waits, or ends at once if a person says so", async () => {
    const { did } = await begin(RUNS);
    electron.record.answers.push(1, 0, 1);
    electron.app.quit();
    await expect.poll(() => did.at(-1)).toBe("closeLab");
    electron.app.quit();
    await new Promise((resolve) => setImmediate(resolve));
    expect([electron.app.quitCount, electron.record.messageBoxes.length]).toEqual([0, 2]);
    electron.app.quit();
    await expect.poll(() => electron.app.quitCount).toBe(1);
    expect(did.filter((what) => what === "closeLab")).toHaveLength(1);
  });

  it.each([
    ["with a run leaves a tray item", RUNS, "linux", ["tray"], 0],
    ["without a run ends the program", IDLE, "linux", ["end", "closeLab"], 0],
    ["without a run keeps the program on macOS", IDLE, "darwin", [], 0],
  ] as const)("by closing the last window %s", async (_what, activity, platform, expected, quits) => {
    const { did } = await begin(activity, platform);
    new electron.BrowserWindow({}).close();
    await new Promise((resolve) => setImmediate(resolve));
    expect([did, electron.app.quitCount]).toEqual([expected, quits]);
  });
});

describe("the system's dialogs", () => {
  it.each([
    ["experiment", ["openDirectory"]],
    ["checkpoint", process.platform === "darwin" ? ["openFile", "openDirectory"] : ["openDirectory"]],
    ["prompts", ["openFile"]],
    ["folder", ["openDirectory", "createDirectory"]],
  ] as const)("choose what is asked for: %s", async (what, properties) => {
    const { chooseFile } = await import("#main/electron/dialogs.ts");
    const window = new electron.BrowserWindow({}) as never; // the stand-in's window
    electron.record.chosenPaths.push("/data/x", null);
    expect([await chooseFile(window, what), await chooseFile(window, what)]).toEqual(["/data/x", null]);
    expect(electron.record.fileDialogs[0]?.properties).toEqual(properties);
  });
});

describe("the preload", () => {
  it("passes on the page's own port with a name, and nothing else", async () => {
    const window = Object.assign(new EventTarget(), { location: { origin: "app://bundle" } });
    vi.stubGlobal("window", window);
    await import("#main/electron/preload.ts");
    const say = (more: object): void => {
      const usual = { source: window, origin: "app://bundle", data: { type: "nashlab:connect", target: "host", more: 1 }, ports: ["port"] };
      window.dispatchEvent(Object.assign(new Event("message"), usual, more));
    };
    say({ source: {} });
    say({ origin: "https://example.org" });
    say({ ports: [] });
    say({ data: { type: "other", target: "host" } });
    say({ data: { type: "nashlab:connect", target: 1 } });
    say({ data: null });
    expect(electron.record.posted).toEqual([]);
    say({});
    expect(electron.record.posted).toEqual([{ channel: "nashlab:connect", message: { target: "host" }, ports: ["port"] }]);
    vi.unstubAllGlobals();
  });

  it("says where a dropped file lies, and what the menu asked for, without the event that brought it", async () => {
    vi.stubGlobal("window", new EventTarget());
    await import("#main/electron/preload.ts");
    const bridge = electron.record.exposed.get("nashlabWindow") as {
      pathOfFile(file: unknown): string;
      onCommand(listener: (...heard: unknown[]) => void): () => void;
      onShow(listener: (...heard: unknown[]) => void): void;
    };
    expect(Object.keys(bridge).sort()).toEqual(["onCommand", "onShow", "pathOfFile"]);
    expect(bridge.pathOfFile({ path: "/models/one" })).toBe("/models/one");
    const heard: unknown[][] = [];
    // Asked for before the page listens: heard when it does, once.
    electron.ipcRenderer.emit("nashlab:command", { sender: "secret" }, "experiments");
    const stop = bridge.onCommand((...all) => heard.push(all));
    electron.ipcRenderer.emit("nashlab:command", { sender: "secret" }, "palette");
    stop();
    electron.ipcRenderer.emit("nashlab:command", {}, "settings");
    expect(heard).toEqual([["experiments"], ["palette"]]);
    const shown: unknown[][] = [];
    bridge.onShow((...all) => shown.push(all));
    electron.ipcRenderer.emit("nashlab:show", { sender: "secret" }, "0123456789ab");
    expect(shown).toEqual([["0123456789ab"]]);
    vi.unstubAllGlobals();
  });
});
