/** `app://bundle/`: the built page as the window loads it; nothing outside its folder, with the policy of the browser's page. */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { protocol } from "electron";
import { contentTypeOf, findFile, SECURITY_HEADERS } from "#main/host/page-files.ts";

const SCHEME = "app";
const HOST = "bundle";
export const ORIGIN = `${SCHEME}://${HOST}`;
export const ENTRY_URL = `${ORIGIN}/index.html`;

export function isOurs(url: string): boolean {
  return URL.canParse(url) && url.startsWith(`${ORIGIN}/`);
}

/** Before the app is ready: a standard, secure origin, so that storage, fetch and the page's policy work as on the web. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ]);
}

/** Once the app is ready. `root`: the folder of the built page. */
export function serveScheme(root: string): void {
  protocol.handle(SCHEME, async (request) => await answer(root, request));
}

async function answer(root: string, request: { readonly url: string; readonly method: string }): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") return refused(405);
  if (!isOurs(request.url)) return refused(404);
  // Not URL.pathname: it would resolve ".." before we have seen it.
  const found = await findFile(root, request.url.slice(ORIGIN.length));
  if (found === undefined) return refused(404);
  const headers = { ...SECURITY_HEADERS, "Content-Type": contentTypeOf(found.path), "Content-Length": String(found.size) };
  if (request.method === "HEAD") return new Response(null, { headers });
  return new Response(Readable.toWeb(createReadStream(found.path)) as ReadableStream<Uint8Array>, { headers }); // Node's and the web's type of the same thing
}

function refused(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS });
}
