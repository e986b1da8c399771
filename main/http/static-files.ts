/** The renderer's files over HTTP: nothing outside their folder, no listing. */
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { hostWords } from "#app/text/host.ts";
import { contentTypeOf, findFile } from "#main/host/page-files.ts";

/** Answers a request for one of the files in `root`: GET and HEAD, 404 for what is not there or not inside. */
export async function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    answer(response, 405, hostWords.readOnly);
    return;
  }
  const found = await findFile(root, request.url ?? "/");
  if (found === undefined) {
    answer(response, 404, hostWords.noPage);
    return;
  }
  const { path, size } = found;
  response.writeHead(200, {
    "Content-Type": contentTypeOf(path),
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
