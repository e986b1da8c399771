/** The lab's only window: what its page may do, and everything that it may not. */
import { join } from "node:path";
import { BrowserWindow, dialog, nativeTheme, session, shell, type WebContents } from "electron";
import { shellWords as words } from "#app/text/shell.ts";
import { ENTRY_URL, isOurs } from "./app-protocol.ts";
import type { WindowBounds } from "./window-state.ts";

export const SMALLEST = { width: 640, height: 480 } as const;
const CANVAS = { light: "#f4f6f5", dark: "#0c0f0e" } as const;

/** `preload`: the built file. Nothing is loaded yet. */
export function createLabWindow(bounds: WindowBounds, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds.box,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: words.product,
    // Painted before the page is, so that a dark room stays dark.
    backgroundColor: nativeTheme.shouldUseDarkColors ? CANVAS.dark : CANVAS.light,
    show: false,
    webPreferences: {
      preload,
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
    },
  });
  if (bounds.isMaximised) window.maximize();
  window.once("ready-to-show", () => {
    window.show();
  });
  return window;
}

export async function showPage(window: BrowserWindow): Promise<void> {
  await window.loadURL(ENTRY_URL);
}

/** Of the built files, from that of the shell. */
export function preloadPath(folder: string): string {
  return join(folder, "../preload/index.cjs");
}

/** Holds for every page of the process, whoever makes it. */
export function guardContents(contents: WebContents): void {
  contents.on("will-navigate", (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    void offerLink(url);
    return { action: "deny" };
  });
}

/** No page is given a camera, a place, notifications or anything else that is asked for. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
}

/** A link of an answer leaves the lab only when a person has seen where it goes. */
async function offerLink(url: string): Promise<void> {
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") return;
  const { response } = await dialog.showMessageBox({
    type: "question",
    message: words.link.question,
    detail: url,
    buttons: [words.link.open, words.link.cancel],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(url);
}
