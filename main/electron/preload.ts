/** The window's preload: passes the page's port on, says where dropped files lie, tells what the menu asks for and which experiment to show. Nothing else. */
import { contextBridge, ipcRenderer, webUtils } from "electron";

const CONNECT_CHANNEL = "nashlab:connect";
const COMMAND_CHANNEL = "nashlab:command";
const SHOW_CHANNEL = "nashlab:show";

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  // Only from the page itself: a frame or another window has another source.
  if (event.source !== window || event.origin !== window.location.origin) return;
  const { data, ports } = event;
  const [port] = ports;
  if (port === undefined || typeof data !== "object" || data === null || !("type" in data) || data.type !== CONNECT_CHANNEL) return;
  const target = "target" in data ? data.target : undefined;
  if (typeof target === "string") ipcRenderer.postMessage(CONNECT_CHANNEL, { target }, [port]);
});

/** What the menu asked for before the page listened. */
const unheard: string[] = [];
const keepUnheard = (_event: unknown, command: string): void => {
  unheard.push(command);
};
ipcRenderer.on(COMMAND_CHANNEL, keepUnheard);

contextBridge.exposeInMainWorld("nashlabWindow", {
  pathOfFile: (file: File) => webUtils.getPathForFile(file),
  onCommand: (listener: (command: string) => void) => {
    const hear = (_event: unknown, command: string): void => {
      listener(command);
    };
    ipcRenderer.off(COMMAND_CHANNEL, keepUnheard);
    ipcRenderer.on(COMMAND_CHANNEL, hear);
    for (const command of unheard.splice(0)) listener(command);
    return () => {
      ipcRenderer.off(COMMAND_CHANNEL, hear);
    };
  },
  // The shell waits until the page has been read; what it says then is heard.
  onShow: (listener: (key: string) => void) => {
    ipcRenderer.on(SHOW_CHANNEL, (_event: unknown, key: string) => {
      listener(key);
    });
  },
});
