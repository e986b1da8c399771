/** The key of the page: it arrives in the address's fragment and is moved out of sight. */

const STORAGE_KEY = "nashlab.token";

/** What of the browser is needed; a test hands in its own. */
export type Address = {
  readonly location: { readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
};

/**
 * Takes the token from `#token=…`, keeps it for this tab (so that a reload finds it) and leaves the first screen's
 * address in its place; undefined if this page was opened without one.
 */
export function takeToken(browser: Address): string | undefined {
  const match = /^#token=([\w-]+)$/u.exec(browser.location.hash);
  const token = match?.[1];
  if (token === undefined) return browser.sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  browser.sessionStorage.setItem(STORAGE_KEY, token);
  browser.history.replaceState(null, "", "#/rounds");
  return token;
}
