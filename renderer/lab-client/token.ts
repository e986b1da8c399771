/** The key of the page: it arrives in the address's fragment and is moved out of sight. */
import type { Refusal } from "./wire.ts";

const STORAGE_KEY = "nashlab.token";
const KIND_KEY = "nashlab.token.opens";
/** Where the server gives the key for an address that lets one page in. */
const ONCE_PATH = "/once";

/** What of the browser is needed; a test hands in its own. */
export type Address = {
  readonly location: { readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
  fetch(path: string, request: RequestInit): Promise<Pick<Response, "ok" | "text">>;
};

/** What the page's token opens: one lab, or a host with any number of them; without one, what is to be said. */
export type PageKey = { readonly opens: "lab" | "host"; readonly token: string } | { readonly opens: "nothing"; readonly refusal: Refusal };

/**
 * Takes the key from `#token=…` (a lab) or `#host=…`, or gets it for `#once=…`, keeps it for this tab (so that a reload
 * finds it) and leaves the first screen's address in its place.
 */
export async function takeKey(browser: Address): Promise<PageKey> {
  const nonce = /^#once=([\w-]+)$/u.exec(browser.location.hash)?.[1];
  const hash = nonce === undefined ? browser.location.hash : await redeem(browser, nonce);
  if (hash === undefined) return { opens: "nothing", refusal: "spentOnce" };
  const [, word, token] = /^#(token|host)=([\w-]+)$/u.exec(hash) ?? [];
  const { sessionStorage } = browser;
  if (token === undefined) {
    const kept = sessionStorage.getItem(STORAGE_KEY);
    if (kept === null) return { opens: "nothing", refusal: "noToken" };
    return { opens: sessionStorage.getItem(KIND_KEY) === "host" ? "host" : "lab", token: kept };
  }
  const opens = word === "host" ? "host" : "lab";
  sessionStorage.setItem(STORAGE_KEY, token);
  sessionStorage.setItem(KIND_KEY, opens);
  browser.history.replaceState(null, "", "#/rounds");
  return { opens, token };
}

/** The fragment that a nonce stands for; undefined if the server does not give it. */
async function redeem(browser: Address, nonce: string): Promise<string | undefined> {
  try {
    const response = await browser.fetch(ONCE_PATH, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ once: nonce }),
      cache: "no-store",
      // Under the page's own policy, no-referrer, a browser may call the origin "null", which the server refuses.
      referrerPolicy: "same-origin",
    });
    return response.ok ? await response.text() : undefined;
  } catch {
    // Nobody answers: the way in is the same, the address that was printed.
    return undefined;
  }
}
