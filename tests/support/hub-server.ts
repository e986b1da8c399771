/** A server on loopback that answers as the Hugging Face hub does, and misbehaves when a test tells it to. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type HubTrouble =
  /** Ends the connection after so many bytes of the body. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Ends the body after so many bytes, as a proxy does that gave up. */
  | { readonly kind: "short"; readonly bytes: number }
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Sends all of a file whatever part was asked for. */
  | { readonly kind: "ignoreRange" }
  /** Sends as many bytes as it should, but others. */
  | { readonly kind: "otherBytes" };

export type HubRequest = { readonly path: string; readonly range: string | undefined; readonly authorization: string | undefined };

export type HubServer = {
  readonly url: string;
  readonly commit: string;
  /** All requests so far. */
  readonly requests: readonly HubRequest[];
  /** What the next requests for paths that end so meet, in order; then it behaves. */
  trouble(pathEnd: string, ...troubles: readonly HubTrouble[]): void;
};

export type HubRepo = {
  /** owner/name */
  readonly name: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Files that git keeps itself; all others are known by their SHA-256. */
  readonly small?: readonly string[];
  readonly license?: string;
  /** Only with this token. */
  readonly token?: string;
};

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export function gitHash(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Closed when the test ends. */
export async function startHub(repo: HubRepo): Promise<HubServer> {
  const requests: HubRequest[] = [];
  const troubles = new Map<string, HubTrouble[]>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    requests.push({ path, range: request.headers.range, authorization: request.headers.authorization });
    const [, queue] = [...troubles].find(([end]) => path.endsWith(end)) ?? [];
    answer(repo, path, request, response, queue?.shift());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commit: COMMIT,
    requests,
    trouble: (pathEnd, ...more) => {
      troubles.set(pathEnd, [...more]);
    },
  };
}

function answer(repo: HubRepo, path: string, request: IncomingMessage, response: ServerResponse, trouble: HubTrouble | undefined): void {
  if (trouble?.kind === "status") {
    response.writeHead(trouble.status, trouble.headers).end("no");
    return;
  }
  if (repo.token !== undefined && request.headers.authorization !== `Bearer ${repo.token}`) {
    response.writeHead(401, { "Content-Type": "application/json" }).end(JSON.stringify({ error: "Invalid username or password." }));
    return;
  }
  const json = (value: unknown): void => {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
  };
  const [, revision] = new RegExp(`^/api/models/${repo.name}/revision/(.+)$`).exec(path) ?? [];
  if (revision === "main" || revision === "v1" || revision === COMMIT)
    json({
      _id: "1",
      id: repo.name,
      sha: COMMIT,
      private: false,
      tags: repo.license === undefined ? [] : ["safetensors", `license:${repo.license}`],
    });
  else if (path === `/api/models/${repo.name}/tree/${COMMIT}`) json(treeOf(repo));
  else {
    const file = repo.files[path.slice(`/${repo.name}/resolve/${COMMIT}/`.length)];
    if (file !== undefined && path.startsWith(`/${repo.name}/resolve/${COMMIT}/`)) sendFile(file, request, response, trouble);
    else response.writeHead(404, { "X-Error-Code": "RepoNotFound" }).end();
  }
}

function treeOf({ files, small = [] }: HubRepo): unknown {
  return [
    { type: "directory", path: "onnx", size: 0, oid: "0".repeat(40) },
    { type: "file", path: "../escape.json", size: 1, oid: "1".repeat(40) },
    ...Object.entries(files).map(([path, bytes]) => ({
      type: "file",
      path,
      size: bytes.length,
      oid: gitHash(bytes),
      ...(small.includes(path) ? {} : { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }),
    })),
  ];
}

function sendFile(file: Uint8Array, request: IncomingMessage, response: ServerResponse, trouble: HubTrouble | undefined): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const isPart = start > 0 && trouble?.kind !== "ignoreRange";
  if (isPart && start >= file.length) {
    response.writeHead(416).end();
    return;
  }
  const rest = isPart ? file.subarray(start) : file;
  const whole = trouble?.kind === "short" ? rest.subarray(0, trouble.bytes) : rest;
  const body = trouble?.kind === "otherBytes" ? whole.map((byte) => byte ^ 1) : whole;
  response.writeHead(isPart ? 206 : 200, {
    "Content-Length": body.length,
    ...(isPart ? { "Content-Range": `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
  });
  if (trouble?.kind === "cut") response.write(body.subarray(0, trouble.afterBytes), () => response.socket?.end());
  else response.end(body);
}
