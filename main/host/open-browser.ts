/** Opens an address with a token in it in the user's browser, without showing the token to who else uses the machine. */
import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { shellWords } from "#app/text/shell.ts";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // The empty argument is the window's title; without it an address in quotes would be taken for one.
  win32: ["cmd", "/c", "start", ""],
};

export type OpenedBrowser = {
  /** Whether a program that opens browsers took the page; what it makes of it is not known. */
  readonly isOpened: boolean;
  /** Takes the page away that led to the address. */
  close(): Promise<void>;
};

/**
 * Every user of a machine can read the arguments of every process, so the browser is given a file that only its user
 * can read, below `folder`, and that sends it on to the address. Some browsers may not read there (those in a sandbox).
 */
export async function openBrowser(url: string, folder: string): Promise<OpenedBrowser> {
  // One a process: the page of another may not have been read yet.
  const path = resolve(folder, `open-${process.pid}.html`);
  const isOpened = (await writePage(path, pageTo(url))) && (await start(path));
  return {
    isOpened,
    close: async () => {
      await rm(path, { force: true });
    },
  };
}

/** Resolves to false where nothing can be written: the address can still be opened by hand. */
async function writePage(path: string, page: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // A process of the same number may have been killed; the mode of its page would stay.
    await rm(path, { force: true });
    await writeFile(path, page, { mode: 0o600, flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

async function start(path: string): Promise<boolean> {
  const [command, ...leading] = OPENERS[process.platform] ?? ["xdg-open"];
  return await new Promise<boolean>((tell) => {
    const child = spawn(command, [...leading, path], { stdio: "ignore", detached: true });
    child.once("error", () => {
      tell(false);
    });
    child.once("spawn", () => {
      child.unref();
      tell(true);
    });
  });
}

/** The script leaves no step in the browser's history; without scripts the page goes on by itself. */
function pageTo(url: string): string {
  const { product } = shellWords;
  const address = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="1; url=${address}">
<title>${product}</title>
<a href="${address}">${product}</a>
<script>location.replace(document.links[0].href)</script>
`;
}
