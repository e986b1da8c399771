/** What the desktop sees of a run: progress on the taskbar, no sleep, a tray item while the window is closed, notifications. */
import { type BrowserWindow, Menu, nativeImage, Notification, powerSaveBlocker, Tray } from "electron";
import { shellWords } from "#app/text/shell.ts";
import type { Activity } from "#main/host/activity.ts";

const words = shellWords.tray;

export type PresenceOptions = {
  readonly iconPath: string;
  readonly window: () => BrowserWindow | undefined;
  readonly showWindow: () => void;
  readonly quit: () => void;
};

export type Presence = {
  activity(): Activity;
  update(activity: Activity): void;
  tell(title: string, body: string): void;
  /** The tray item comes with the first run whose window is closed, and stays until the end. */
  windowClosed(): void;
  end(): void;
};

const IDLE: Activity = { runningCount: 0, share: null, lines: [] };

export function createPresence(options: PresenceOptions): Presence {
  let activity = IDLE;
  let blocker: number | undefined;
  let tray: Tray | undefined;
  const keepAwake = (isNeeded: boolean): void => {
    if (isNeeded) {
      blocker ??= powerSaveBlocker.start("prevent-app-suspension");
      return;
    }
    if (blocker !== undefined) powerSaveBlocker.stop(blocker);
    blocker = undefined;
  };
  const drawTray = (): void => {
    if (tray === undefined) return;
    const lines = activity.lines.length === 0 ? [words.idle] : activity.lines;
    tray.setToolTip([shellWords.product, ...lines].join("\n"));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...lines.map((label) => ({ label, enabled: false })),
        { type: "separator" },
        { label: words.show, click: options.showWindow },
        { label: words.quit, click: options.quit },
      ]),
    );
  };
  return {
    activity: () => activity,
    update: (next) => {
      activity = next;
      keepAwake(next.runningCount > 0);
      // A share that is not known yet moves to and fro; -1 takes the bar away.
      options.window()?.setProgressBar(next.runningCount === 0 ? -1 : (next.share ?? 2));
      drawTray();
    },
    tell: (title, body) => {
      // Who looks at the page sees it there.
      if (options.window()?.isFocused() === true || !Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      notification.on("click", options.showWindow);
      notification.show();
    },
    windowClosed: () => {
      if (activity.runningCount === 0 || tray !== undefined) return;
      tray = new Tray(nativeImage.createFromPath(options.iconPath));
      tray.on("click", options.showWindow);
      drawTray();
    },
    end: () => {
      keepAwake(false);
      tray?.destroy();
      tray = undefined;
    },
  };
}
