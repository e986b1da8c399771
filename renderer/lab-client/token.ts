/** The key of the page: it arrives in the address's fragment and is moved out of sight. */

const STORAGE_KEY = "nashlab.token";
const KIND_KEY = "nashlab.token.opens";

/** What of the browser is needed; a test hands in its own. */
export type Address = {
  readonly location: { readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
};

/** What a token opens: one lab, or a host with any number of them. */
export type PageKey = { readonly opens: "lab" | "host"; readonly token: string };

/**
 * Takes the key from `#token=…` (a lab) or `#host=…`, keeps it for this tab (so that a reload finds it) and leaves the
 * first screen's address in its place; undefined if this page was opened without one.
 */
export function takeKey(browser: Address): PageKey | undefined {
  const [, word, token] = /^#(token|host)=([\w-]+)$/u.exec(browser.location.hash) ?? [];
  const { sessionStorage } = browser;
  if (token === undefined) {
    const kept = sessionStorage.getItem(STORAGE_KEY);
    return kept === null ? undefined : { opens: sessionStorage.getItem(KIND_KEY) === "host" ? "host" : "lab", token: kept };
  }
  const opens = word === "host" ? "host" : "lab";
  sessionStorage.setItem(STORAGE_KEY, token);
  sessionStorage.setItem(KIND_KEY, opens);
  browser.history.replaceState(null, "", "#/rounds");
  return { opens, token };
}
