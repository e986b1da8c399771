/** The address that the browser is started with: others can read it, so it lets in one page, and not for long. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openBrowser } from "#main/host/open-browser.ts";
import { openLabPage } from "#main/http/lab-page.ts";
import { createOnceAddress, type OnceAddress } from "#main/http/once.ts";
import { startHttpServer } from "#main/http/server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.unstubAllEnvs();
});

it.runIf(process.platform === "linux")("is given to the browser's program, without the token", async () => {
  const home = tempFolder();
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
    openBrowser,
    note: () => undefined,
    root: home,
  });
  onTestFinished(() => page.close());
  await expect.poll(() => existsSync(heard)).toBe(true);
  const given = new URL(readFileSync(heard, "utf8").trim());
  const { origin, hash } = new URL(page.url);
  expect(given.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#once=[\w-]{43}$/u);
  expect(given.href).not.toContain(hash.replace("#host=", ""));
  expect(await redeem(origin, given.hash)).toMatchObject({ status: 200, body: hash });
  expect((await redeem(origin, given.hash)).status).toBe(403);
});

describe("an address for one page", () => {
  it("gives the key to the first who asks, and lets nobody keep the answer", async () => {
    const { origin, once } = await serve();
    expect(await redeem(origin, once.fragment)).toEqual({ status: 200, body: "#host=the-key", caching: "no-store" });
    const second = await redeem(origin, once.fragment);
    expect([second.status, second.caching]).toEqual([403, "no-store"]);
    expect(second.body).not.toContain("the-key");
  });

  it("holds for a minute", async () => {
    let nowMs = 5;
    const { origin, once } = await serve(() => nowMs);
    nowMs += MINUTE_MS;
    expect((await redeem(origin, once.fragment)).status).toBe(403);
    nowMs -= 1;
    expect((await redeem(origin, once.fragment)).status).toBe(200);
  });

  it.each([
    ["a page of another site", { headers: { origin: "http://evil.example" } }, 403],
    ["who is no page", { headers: {} }, 403],
    ["another nonce", { body: '{"once":"abc"}' }, 403],
    ["what is no JSON", { body: "once" }, 403],
    ["nothing", { body: "" }, 403],
    ["more than a nonce", { body: JSON.stringify({ once: "a".repeat(2000) }) }, 403],
    ["another method", { method: "PUT" }, 405],
  ] as const)("refuses %s, and is not spent by it", async (_, request, status) => {
    const { origin, once } = await serve();
    expect((await redeem(origin, once.fragment, request)).status).toBe(status);
    expect((await redeem(origin, once.fragment)).status).toBe(200);
  });
});

async function serve(nowMs: () => number = () => 0): Promise<{ readonly origin: string; readonly once: OnceAddress }> {
  const once = createOnceAddress("#host=the-key", nowMs);
  const server = await startHttpServer({ root: tempFolder(), port: 0, grants: [], serve: () => undefined, once });
  onTestFinished(() => server.close());
  return { origin: server.origin, once };
}

type Redeemed = { readonly status: number; readonly body: string; readonly caching: string | null };

async function redeem(origin: string, fragment: string, request: RequestInit = {}): Promise<Redeemed> {
  const body = JSON.stringify({ once: fragment.replace("#once=", "") });
  const response = await fetch(`${origin}/once`, { method: "POST", headers: { origin }, body, ...request });
  return { status: response.status, body: await response.text(), caching: response.headers.get("cache-control") };
}
