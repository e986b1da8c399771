/** The shell: one window, one lab process, and the desktop around them. Begins when the app is ready. */
import { join } from "node:path";
import { app, type BrowserWindow, screen } from "electron";
import { shellWords as words } from "#app/text/shell.ts";
import { userFolders } from "#main/host/user-folders.ts";
import { serveScheme } from "./app-protocol.ts";
import { chooseFile, sayNotOpened } from "./dialogs.ts";
import { type LabHost, type LabHostOptions, startLabHost } from "./lab-host.ts";
import { setMenu } from "./menu.ts";
import { COMMAND_CHANNEL, SHOW_CHANNEL, type WindowCommand } from "./messages.ts";
import { takePageConnections } from "./page-connections.ts";
import { createPresence, type Presence } from "./presence.ts";
import { askBeforeQuitting } from "./quitting.ts";
import { createSafeStorageKeychain } from "./secrets.ts";
import { answerSecret } from "./secret-requests.ts";
import { createLabWindow, denyPermissions, guardContents, preloadPath, showPage } from "./window.ts";
import { readWindowState, writeWindowState } from "./window-state.ts";

type PageMessage = { readonly channel: string; readonly value: string };

export type Shell = {
  /** Another start of the program: its folder is opened and shown here. */
  openAgain(folder: string | null): void;
};

/** `built`: the folder of the built files. `folder`: the experiment that was named. */
export function startShell(built: string, folder: string | null): Shell {
  const folders = userFolders(process.env);
  const statePath = join(folders.config, "window.json");
  const keychain = createSafeStorageKeychain(join(folders.config, "secrets"));
  let window: BrowserWindow | undefined;
  /** What waits for the window's page; null once it hears for itself. */
  let waiting: PageMessage[] | null = [];

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
    waiting = [];
    opened.on("close", () => {
      writeWindowState(statePath, { box: opened.getNormalBounds(), isMaximised: opened.isMaximized() });
    });
    opened.once("closed", () => {
      window = undefined;
    });
    void showPage(opened).then(() => {
      const late = window === opened ? waiting : null;
      if (late === null) return;
      waiting = null;
      for (const { channel, value } of late) opened.webContents.send(channel, value);
    });
  };
  const tellPage = (channel: string, value: string): void => {
    if (waiting === null) window?.webContents.send(channel, value);
    else waiting.push({ channel, value });
  };
  const command = (name: WindowCommand): void => {
    // On macOS the menu outlives the last window: what it asks for is kept until the new one has a page.
    showWindow();
    tellPage(COMMAND_CHANNEL, name);
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
      case "show":
        // A window that comes later asks the lab process what to show.
        tellPage(SHOW_CHANNEL, message.key);
        return;
      case "notOpened":
        void sayNotOpened(message.folder, message.reason);
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
  askBeforeQuitting({ presence, window: () => window, showWindow, closeLab: lab.close, platform: process.platform });
  return {
    openAgain: (another) => {
      showWindow();
      if (another !== null) lab.send({ kind: "openExperiment", folder: another });
    },
  };
}

/** Rules that hold for every page, before there is one. */
export function guardEveryPage(): void {
  app.on("web-contents-created", (_event, contents) => {
    guardContents(contents);
  });
}
