/** Who may speak to the loopback server: the page that it served, under the name by which it was served. */
import type { IncomingMessage } from "node:http";
import { hostWords } from "#app/text/host.ts";

/**
 * A foreign name that was made to point here (DNS rebinding) shows in the Host header; undefined if all is well, else
 * the sentence that refuses the request.
 */
export function objectionToHost(request: IncomingMessage, port: number): string | undefined {
  const host = request.headers.host;
  const expected = hostNames(port);
  return host !== undefined && expected.includes(host.toLowerCase()) ? undefined : hostWords.wrongHost(expected.join(" or "), String(host));
}

/** A page of another site may open WebSockets to here; its browser says where it came from. */
export function objectionToOrigin(request: IncomingMessage, port: number, alsoAllowed: readonly string[]): string | undefined {
  const origin = request.headers.origin;
  const expected = [...hostNames(port).map((host) => `http://${host}`), ...alsoAllowed];
  return origin !== undefined && expected.includes(origin.toLowerCase()) ? undefined : hostWords.wrongOrigin(expected.join(" or "), String(origin));
}

function hostNames(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}
