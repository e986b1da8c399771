/** The system's dialogs for files and folders. */
import { type BrowserWindow, dialog, type OpenDialogOptions } from "electron";
import { shellWords } from "#app/text/shell.ts";
import type { FileKind } from "./messages.ts";

const words = shellWords.dialogs;
const all = { name: words.allFiles, extensions: ["*"] };

const OPTIONS: Readonly<Record<FileKind, OpenDialogOptions>> = {
  experiment: { title: words.experiment, properties: ["openDirectory"] },
  // macOS can offer both at once; elsewhere a dialog shows either, and a model is a folder more often than a file.
  checkpoint: {
    title: words.checkpoint,
    properties: process.platform === "darwin" ? ["openFile", "openDirectory"] : ["openDirectory"],
    filters: [{ name: words.modelFiles, extensions: ["gguf"] }, all],
  },
  prompts: {
    title: words.prompts,
    properties: ["openFile"],
    filters: [{ name: words.promptFiles, extensions: ["jsonl", "ndjson", "json", "csv", "parquet"] }, all],
  },
  folder: { title: words.folder, properties: ["openDirectory", "createDirectory"] },
};

/** Null if nothing was chosen. */
export async function chooseFile(window: BrowserWindow, what: FileKind): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, OPTIONS[what]);
  return canceled ? null : (filePaths[0] ?? null);
}

/** For a person who named the folder outside the window, where no page waits for the answer. */
export async function sayNotOpened(folder: string, reason: string): Promise<void> {
  const { notOpened } = shellWords;
  await dialog.showMessageBox({ type: "error", message: notOpened.title(folder), detail: reason, buttons: [notOpened.close] });
}
