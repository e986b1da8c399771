/** An address that lets one page in: what a browser is started with, where every user of the machine can read it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { hostWords } from "#app/text/host.ts";
import { isSameToken, makeToken } from "#main/host/tokens.ts";
import { answer } from "./static-files.ts";

export const ONCE_PATH = "/once";
/** Long enough for a browser that starts cold. */
const LIFETIME_MS = 60_000;
/** What a page sends is far shorter. */
const MAX_BODY_BYTES = 1024;

export type OnceAddress = {
  /** Stands in the address for the one with the key. Who reads it can only come before the browser, which is then told. */
  readonly fragment: string;
  /** The fragment with the key, for the first who asks with the nonce and in time. */
  redeem(nonce: string): string | undefined;
};

/** `fragment`: the one with the key. */
export function createOnceAddress(fragment: string, nowMs: () => number): OnceAddress {
  const nonce = makeToken();
  const endMs = nowMs() + LIFETIME_MS;
  let isSpent = false;
  return {
    fragment: `#once=${nonce}`,
    redeem: (given) => {
      if (!isSameToken(given, nonce) || isSpent || nowMs() >= endMs) return undefined;
      isSpent = true;
      return fragment;
    },
  };
}

/** Answers POST with a nonce by the fragment that it stands for, every other one by 403. */
export async function answerOnce(once: OnceAddress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") {
    response.setHeader("Allow", "POST");
    answer(response, 405, hostWords.postOnly);
    return;
  }
  const nonce = await nonceOf(request);
  const fragment = nonce === undefined ? undefined : once.redeem(nonce);
  if (fragment === undefined) answer(response, 403, hostWords.spentOnce);
  else response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" }).end(fragment);
}

const bodySchema = z.object({ once: z.string() });

async function nonceOf(request: IncomingMessage): Promise<string | undefined> {
  // A body that does not say its length is not read either.
  if (!(Number(request.headers["content-length"]) <= MAX_BODY_BYTES)) return undefined;
  try {
    return bodySchema.parse(JSON.parse(await text(request))).once;
  } catch {
    return undefined;
  }
}
