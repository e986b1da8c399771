/** What the window's preload offers a page; a browser's page has none of it. */

export type WindowCommand = "palette" | "experiments" | "newExperiment" | "openExperiment" | "settings";

export type WindowBridge = {
  /** Where a dropped file lies on this machine; empty for what is no file of it. */
  pathOfFile(file: File): string;
  /** Hears what was chosen in the window's menu; returns how to stop. */
  onCommand(listener: (command: WindowCommand) => void): () => void;
  /** Hears which experiment is to be shown, as another start of the program named it: its key. */
  onShow(listener: (key: string) => void): void;
};

declare global {
  interface Window {
    readonly nashlabWindow?: WindowBridge;
  }
}

export function windowBridge(): WindowBridge | undefined {
  return window.nashlabWindow;
}
