/** Opens an address in the user's browser. Every user of the machine can read it among the arguments of the process. */
import { spawn } from "node:child_process";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // The empty argument is the window's title; without it an address in quotes would be taken for one.
  win32: ["cmd", "/c", "start", ""],
};

/** Resolves to whether a program that opens browsers took the address; what it makes of it is not known. */
export async function openBrowser(url: string): Promise<boolean> {
  const [command, ...leading] = OPENERS[process.platform] ?? ["xdg-open"];
  return await new Promise<boolean>((resolve) => {
    const child = spawn(command, [...leading, url], { stdio: "ignore", detached: true });
    child.once("error", () => {
      resolve(false);
    });
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
