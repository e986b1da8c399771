/** The built page's files: which of them a path names, their types, and the headers that keep the page to itself. */
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

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

export function contentTypeOf(path: string): string {
  return CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}

export type PageFile = { readonly path: string; readonly size: number };

/** The file that a request's path names; undefined if there is none, or if it lies outside the root, links followed. */
export async function findFile(root: string, url: string): Promise<PageFile | undefined> {
  const steps = pathSteps(url);
  if (steps === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const path = await realpath(join(realRoot, ...(steps.length === 0 ? ["index.html"] : steps)));
    if (!path.startsWith(realRoot + sep)) return undefined;
    const found = await stat(path);
    return found.isFile() ? { path, size: found.size } : undefined;
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
