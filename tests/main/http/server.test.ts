/** The loopback server: what it serves, to whom, and what it refuses. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { MAX_REQUEST_BYTES, MAX_TEXT_BYTES, type Role } from "#app/contract/base.ts";
import { type HttpServer, startHttpServer } from "#main/http/server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const GRANTS = [
  { token: "the-owners-token", role: "owner" },
  { token: "an-annotators-token", role: "annotator" },
] as const;

type Served = HttpServer & { readonly roles: readonly Role[] };

async function serve(): Promise<Served> {
  const folder = tempFolder();
  const root = join(folder, "page");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), "<!doctype html><title>Lab</title>");
  writeFileSync(join(root, "assets", "main-1a2b.js"), "export {};");
  writeFileSync(join(root, ".hidden"), "hidden");
  writeFileSync(join(folder, "secret.txt"), "secret");
  symlinkSync(join(folder, "secret.txt"), join(root, "linked.txt"));
  const roles: Role[] = [];
  const server = await startHttpServer({
    root,
    port: 0,
    grants: GRANTS,
    serve: (socket, role) => {
      roles.push(role);
      socket.close(1000);
    },
  });
  onTestFinished(() => server.close());
  return { ...server, roles };
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

function ask(port: number, path: string, options: { readonly method?: string; readonly host?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: "127.0.0.1", path, method: options.method ?? "GET", headers: { host: options.host ?? `127.0.0.1:${port}` } },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    sent.on("error", reject).end();
  });
}

/** Close code of an accepted socket, or the status that refused it. */
function dial(
  port: number,
  options: { readonly token?: string; readonly origin?: string; readonly host?: string; readonly path?: string } = {},
): Promise<string> {
  const protocols = options.token === undefined ? ["nashlab"] : ["nashlab", options.token];
  const socket = new WebSocket(`ws://127.0.0.1:${port}${options.path ?? "/rpc"}`, protocols, {
    headers: { origin: options.origin ?? `http://127.0.0.1:${port}`, host: options.host ?? `127.0.0.1:${port}` },
  });
  return new Promise((resolve) => {
    socket.on("unexpected-response", (_, response) => {
      resolve(`refused ${response.statusCode}`);
      socket.terminate();
    });
    socket.on("close", (code) => {
      resolve(`closed ${code}`);
    });
    socket.on("error", () => undefined);
  });
}

describe("the page", () => {
  it("is served with headers that keep it to itself", async () => {
    const { port } = await serve();
    const { status, headers, body } = await ask(port, "/");
    expect([status, body]).toEqual([200, "<!doctype html><title>Lab</title>"]);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    );
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["cache-control"]).toBe("no-store");
    expect((await ask(port, "/assets/main-1a2b.js")).headers["cache-control"]).toContain("immutable");
    expect(await ask(port, "/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });

  it.each([
    "/nothing.js",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/linked.txt",
    "/.hidden",
    "/assets",
    "/%",
    "/a%00b",
    "//etc/passwd",
  ])("gives nothing for %s", async (path) => {
    const { port } = await serve();
    const { status, body } = await ask(port, path);
    expect([status, body]).toEqual([404, "there is no such page\n"]);
  });

  it("takes GET and HEAD alone", async () => {
    const { port } = await serve();
    expect((await ask(port, "/", { method: "POST" })).status).toBe(405);
  });

  it("answers to its own name alone", async () => {
    const { port } = await serve();
    expect((await ask(port, "/", { host: "evil.example" })).status).toBe(403);
    expect((await ask(port, "/", { host: `127.0.0.1:${port + 1}` })).status).toBe(403);
    expect((await ask(port, "/", { host: `localhost:${port}` })).status).toBe(200);
  });
});

describe("a connection", () => {
  it("has the role of its token", async () => {
    const served = await serve();
    expect(await dial(served.port, { token: "the-owners-token" })).toBe("closed 1000");
    expect(await dial(served.port, { token: "an-annotators-token" })).toBe("closed 1000");
    expect(served.roles).toEqual(["owner", "annotator"]);
  });

  it.each([
    ["without a token", {}],
    ["with a token that nobody gave", { token: "the-owners-tokem" }],
    ["from a page of another site", { token: "the-owners-token", origin: "http://evil.example" }],
    ["under another name", { token: "the-owners-token", host: "evil.example" }],
    ["elsewhere than /rpc", { token: "the-owners-token", path: "/other" }],
  ] as const)("is refused %s", async (_, options) => {
    const served = await serve();
    expect(await dial(served.port, options)).toMatch(/^refused 4\d\d$/u);
    expect(served.roles).toEqual([]);
  });
});

describe("a request", () => {
  /** The length that arrived of a request of so many bytes, or the code with which the connection was closed. */
  async function send(byteCount: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const server = await startHttpServer({
      root: tempFolder(),
      port: 0,
      grants: GRANTS,
      serve: (socket) => {
        socket.on("message", (data: Buffer) => {
          resolve(`arrived ${data.length}`);
        });
      },
    });
    onTestFinished(() => server.close());
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ["nashlab", "the-owners-token"], {
      headers: { origin: `http://127.0.0.1:${server.port}` },
    });
    socket.on("open", () => {
      socket.send(Buffer.alloc(byteCount));
    });
    socket.on("close", (code) => {
      resolve(`closed ${code}`);
    });
    // A cut connection is told by its close.
    socket.on("error", () => undefined);
    return await promise;
  }

  it("may carry the longest text that a page hands over, though every character is escaped", async () => {
    expect(await send(2 * MAX_TEXT_BYTES)).toBe(`arrived ${2 * MAX_TEXT_BYTES}`);
  });

  it("that is longer cuts the connection", async () => {
    expect(await send(MAX_REQUEST_BYTES + 1)).toMatch(/^closed 10(06|09)$/u);
  });
});

it("says which port cannot be had", async () => {
  const { port } = await serve();
  await expect(startHttpServer({ root: tempFolder(), port, grants: [], serve: () => undefined })).rejects.toThrow(
    `cannot listen on port ${port} of 127.0.0.1: another program has it`,
  );
});
