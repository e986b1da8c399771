/** Notes what a page must never do: fail, break its content policy, or ask for anything outside its own server. */
import type { Page } from "playwright-core";

export type PageTrouble = {
  readonly found: readonly string[];
  /** Every address that the page asked for. */
  readonly requests: readonly string[];
};

export type ExpectedTrouble = {
  /** The lab goes away in this test: failed connections to it are no trouble. */
  readonly isAwayExpected?: boolean;
  /** The lab does not let the page in: its 403 is no trouble. */
  readonly isRefusalExpected?: boolean;
};

export function watchForTrouble(page: Page, options: ExpectedTrouble = {}): PageTrouble {
  const found: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const isExpected =
      (options.isAwayExpected === true && /ERR_CONNECTION|WebSocket/u.test(message.text())) ||
      (options.isRefusalExpected === true && message.text().includes("403"));
    if ((message.type() === "error" || message.type() === "warning") && !isExpected) found.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    requests.push(request.url());
    if (!/^(?:http|ws):\/\/127\.0\.0\.1:\d+\//u.test(request.url())) found.push(`request: ${request.url()}`);
  });
  return { found, requests };
}
