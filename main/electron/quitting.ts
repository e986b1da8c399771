/** The end of the program: asked about while a run goes on, and reached only when the lab process has let everything go. */
import { app, type BrowserWindow, dialog } from "electron";
import { shellWords } from "#app/text/shell.ts";
import type { Presence } from "./presence.ts";

const words = shellWords.quit;

export type QuittingOptions = {
  readonly presence: Pick<Presence, "activity" | "windowClosed" | "end">;
  readonly window: () => Pick<BrowserWindow, "close"> | undefined;
  readonly showWindow: () => void;
  /** Pauses what runs, and ends the lab process. */
  readonly closeLab: () => Promise<void>;
  readonly platform: NodeJS.Platform;
};

export function askBeforeQuitting(options: QuittingOptions): void {
  const { presence, window } = options;
  let step: "open" | "closing" | "closed" = "open";
  let isAsking = false;
  const withoutWindow = (): void => {
    // A run goes on without its window; the tray item is the way back. Nothing runs: nothing is left to keep.
    if (step !== "open") return;
    if (presence.activity().runningCount > 0) presence.windowClosed();
    else if (options.platform !== "darwin") app.quit();
  };
  const end = (): void => {
    step = "closed";
    app.quit();
  };
  const close = async (): Promise<void> => {
    step = "closing";
    presence.end();
    await options.closeLab();
    end();
  };
  const ask = async (): Promise<void> => {
    if (step === "closing") {
      if (await isInAHurry()) end();
      return;
    }
    const answer = await mayQuit(options);
    if (answer === "quit") void close();
    if (answer !== "background") return;
    const shown = window();
    if (shown === undefined) withoutWindow();
    else shown.close();
  };
  app.on("window-all-closed", withoutWindow);
  app.on("before-quit", (event) => {
    if (step === "closed") return;
    event.preventDefault();
    // One question at a time, however often the keys are pressed.
    if (isAsking) return;
    isAsking = true;
    void ask().finally(() => {
      isAsking = false;
    });
  });
}

type QuitAnswer = "quit" | "background" | "stay";

/** While a run goes on a person says what is to become of it. */
async function mayQuit({ presence, window, showWindow }: QuittingOptions): Promise<QuitAnswer> {
  const { runningCount, lines } = presence.activity();
  if (runningCount === 0) return "quit";
  if (window() === undefined) showWindow();
  const { response } = await dialog.showMessageBox({
    type: "warning",
    message: words.title,
    detail: words.detail(lines),
    buttons: [words.leave, words.quit, words.cancel],
    defaultId: 0,
    cancelId: 2,
  });
  return (["background", "quit", "stay"] as const)[response] ?? "stay";
}

/** Asked again while what runs is being paused, which may take a unit of work. */
async function isInAHurry(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: "info",
    message: words.closing,
    detail: words.closingDetail,
    buttons: [words.wait, words.now],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}
