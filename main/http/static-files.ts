/** The renderer's files over HTTP: nothing outside their folder, no listing, headers that keep the page to itself. */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".txt": "text/plain; charset=utf-8",
};

/** Scripts, connections and pictures from here alone; inline styles because component libraries set them. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join("; ");

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/** Answers a request for one of the files in `root`: GET and HEAD, 404 for what is not there or not inside. */
export async function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    answer(response, 405, "only GET and HEAD");
    return;
  }
  const path = await findFile(root, request.url ?? "/");
  if (path === undefined) {
    answer(response, 404, "there is no such page");
    return;
  }
  const { size } = await stat(path);
  response.writeHead(200, {
    "Content-Type": CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": size,
    // Files under assets/ carry a hash of their content in their names.
    "Cache-Control": path.includes(`${sep}assets${sep}`) ? "public, max-age=31536000, immutable" : "no-store",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // A reader that goes away in the middle is its own affair.
  await pipeline(createReadStream(path), response).catch(() => response.destroy());
}

export function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
}

/** The file that a request's path names; undefined if there is none, or if it lies outside the root, links followed. */
async function findFile(root: string, url: string): Promise<string | undefined> {
  const steps = pathSteps(url);
  if (steps === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const path = await realpath(join(realRoot, ...(steps.length === 0 ? ["index.html"] : steps)));
    if (!path.startsWith(realRoot + sep)) return undefined;
    return (await stat(path)).isFile() ? path : undefined;
  } catch {
    // Not there, or not readable: the same answer, so that nothing is learned.
    return undefined;
  }
}

/** The decoded steps of a request's path; undefined for what no page of ours asks for. */
function pathSteps(url: string): string[] | undefined {
  const [rawPath = ""] = url.split(/[?#]/u, 1);
  if (!rawPath.startsWith("/")) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\\:\u0000-\u001f]/u.test(path)) return undefined;
  const steps = path.split("/").filter((step) => step !== "");
  return steps.some((step) => step.startsWith(".")) ? undefined : steps;
}
