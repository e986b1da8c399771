/** What `nashlab open` gives the program that opens browsers. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openLabPage } from "#main/http/lab-page.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.runIf(process.platform === "linux")("is a page of the user's own that leads to the address, never the token itself", async () => {
  const home = tempFolder();
  const root = join(home, "page");
  mkdirSync(root);
  writeFileSync(join(root, "index.html"), "<!doctype html>");
  mkdirSync(join(home, "bin"));
  const [opener, heard] = [join(home, "bin", "xdg-open"), join(home, "arguments")];
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" > '${heard}.new' && mv '${heard}.new' '${heard}'\n`);
  chmodSync(opener, 0o700);
  vi.stubEnv("PATH", `${join(home, "bin")}${delimiter}${process.env["PATH"] ?? ""}`);

  const page = await openLabPage({
    folder: undefined,
    currentFolder: home,
    port: 0,
    userFolders: { cache: join(home, "cache"), config: join(home, "config"), data: join(home, "data") },
    connect: () => Promise.reject(new Error("no experiment is opened here")),
    devOrigin: undefined,
    isBrowserWanted: true,
    note: () => undefined,
    root,
  });
  await expect.poll(() => existsSync(heard)).toBe(true);
  const given = readFileSync(heard, "utf8").trim();
  const token = new URL(page.url).hash.replace("#host=", "");
  expect(token.length).toBeGreaterThan(30);
  expect(given).not.toContain(token);
  expect(readFileSync(given, "utf8")).toContain(`href="${page.url}"`);
  expect((statSync(given).mode & 0o777).toString(8)).toBe("600");
  await page.close();
  expect(existsSync(given)).toBe(false);
});
