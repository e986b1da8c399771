/** The shell: one window, one lab process, and the desktop around them. Begins when the app is ready. */
import { join } from "node:path";
import { app, type BrowserWindow, dialog, screen } from "electron";
import { userFolders } from "#main/host/user-folders.ts";
import { serveScheme } from "./app-protocol.ts";
import { chooseFile } from "./dialogs.ts";
import { type LabHost, type LabHostOptions, startLabHost } from "./lab-host.ts";
import { setMenu } from "./menu.ts";
import { COMMAND_CHANNEL, type WindowCommand } from "./messages.ts";
import { takePageConnections } from "./page-connections.ts";
import { createPresence, type Presence } from "./presence.ts";
import { createSafeStorageKeychain } from "./secrets.ts";
import { answerSecret } from "./secret-requests.ts";
import { shellWords as words } from "./text.ts";
import { createLabWindow, denyPermissions, guardContents, preloadPath, showPage } from "./window.ts";
import { readWindowState, writeWindowState } from "./window-state.ts";

export type Shell = {
  /** Another start of the program: its folder is opened here. */
  openAgain(folder: string | null): void;
};

/** `built`: the folder of the built files. `folder`: the experiment that was named. */
export function startShell(built: string, folder: string | null): Shell {
  const folders = userFolders(process.env);
  const statePath = join(folders.config, "window.json");
  const keychain = createSafeStorageKeychain(join(folders.config, "secrets"));
  let window: BrowserWindow | undefined;
  let isQuitting = false;

  const showWindow = (): void => {
    if (window === undefined) {
      openWindow();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const openWindow = (): void => {
    const opened = createLabWindow(
      readWindowState(
        statePath,
        screen.getAllDisplays().map((display) => display.workArea),
      ),
      preloadPath(built),
    );
    window = opened;
    opened.on("close", () => {
      writeWindowState(statePath, { box: opened.getNormalBounds(), isMaximised: opened.isMaximized() });
    });
    opened.once("closed", () => {
      window = undefined;
    });
    void showPage(opened);
  };
  const command = (name: WindowCommand): void => {
    showWindow();
    window?.webContents.send(COMMAND_CHANNEL, name);
  };
  const quit = (): void => {
    app.quit();
  };
  const presence: Presence = createPresence({ iconPath: join(built, "../../resources/icons/icon.png"), window: () => window, showWindow, quit });
  const hear: LabHostOptions["hear"] = (message) => {
    switch (message.kind) {
      case "activity":
        presence.update(message.activity);
        return;
      case "news":
        presence.tell(message.title, message.body);
        return;
      case "choose":
        if (window === undefined) lab.send({ kind: "chosen", id: message.id, path: null });
        else
          void chooseFile(window, message.what).then((path) => {
            lab.send({ kind: "chosen", id: message.id, path });
          });
        return;
      case "secretOf":
      case "keepSecret":
        void answerSecret(keychain, message).then((answer) => {
          lab.send(answer);
        });
        return;
      case "note":
        process.stderr.write(`nashlab: ${message.sentence}\n`);
        return;
      default:
        message satisfies never;
    }
  };
  const lab: LabHost = startLabHost({
    entry: join(built, "lab-process.js"),
    start: {
      userFolders: folders,
      engineEntry: join(built, "engine-process.js"),
      resources: join(built, "../../resources"),
      folder,
    },
    hear,
    onLost: (isGivenUp) => {
      presence.update({ runningCount: 0, share: null, lines: [] });
      presence.tell(words.lost.title, isGivenUp ? words.lost.givenUp : words.lost.body);
    },
  });

  denyPermissions();
  serveScheme(join(built, "../renderer"));
  takePageConnections((target, port) => {
    lab.send({ kind: "connect", target }, [port]);
  });
  setMenu({ command, quit }, process.platform);
  openWindow();

  app.on("activate", showWindow);
  app.on("window-all-closed", () => {
    // A run goes on without its window; the tray item is the way back. Nothing runs: nothing is left to keep.
    if (isQuitting) return;
    if (presence.activity().runningCount > 0) presence.windowClosed();
    else if (process.platform !== "darwin") quit();
  });
  app.on("before-quit", (event) => {
    if (isQuitting) return;
    event.preventDefault();
    void mayQuit(window, presence, showWindow).then(async (answer) => {
      if (answer === "background") window?.close();
      if (answer !== "quit") return;
      isQuitting = true;
      presence.end();
      await lab.close();
      app.quit();
    });
  });
  return {
    openAgain: (another) => {
      showWindow();
      if (another !== null) lab.send({ kind: "openExperiment", folder: another });
    },
  };
}

type QuitAnswer = "quit" | "background" | "stay";

/** While a run goes on a person says what is to become of it. */
async function mayQuit(window: BrowserWindow | undefined, presence: Presence, showWindow: () => void): Promise<QuitAnswer> {
  const { runningCount, lines } = presence.activity();
  if (runningCount === 0) return "quit";
  if (window === undefined) showWindow();
  const { response } = await dialog.showMessageBox({
    type: "warning",
    message: words.quit.title,
    detail: words.quit.detail(lines),
    buttons: [words.quit.leave, words.quit.quit, words.quit.cancel],
    defaultId: 0,
    cancelId: 2,
  });
  return (["background", "quit", "stay"] as const)[response] ?? "stay";
}

/** Rules that hold for every page, before there is one. */
export function guardEveryPage(): void {
  app.on("web-contents-created", (_event, contents) => {
    guardContents(contents);
  });
}
