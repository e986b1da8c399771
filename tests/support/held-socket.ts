/** Holds what goes between a page and the lab until it is let go: a page that waits can be looked at, and what it shows then compared with what comes. */
import type { Page } from "playwright-core";

export type HeldSocket = {
  /** Given to a page before it is led anywhere. */
  readonly prepare: (page: Page) => Promise<void>;
  /** From now on nothing that the lab says arrives; what the page says still does. */
  hold(): void;
  /** From now on calls of these methods ("rounds.forecast") do not reach the lab. */
  holdCalls(...methods: readonly string[]): void;
  /** All that was held arrives, in its order, and what comes after it. */
  letGo(): void;
};

export function holdSocket(): HeldSocket {
  let isHeld = false;
  let heldPaths: readonly string[] = [];
  const waiting: (() => void)[] = [];
  const passOrWait = (waits: boolean, send: () => void): void => {
    if (waits) waiting.push(send);
    else send();
  };
  return {
    prepare: async (page) => {
      await page.routeWebSocket(/.*/u, (toPage) => {
        const toLab = toPage.connectToServer();
        toPage.onMessage((message) => {
          const text = message.toString();
          passOrWait(
            heldPaths.some((path) => text.includes(path)),
            () => {
              toLab.send(message);
            },
          );
        });
        toLab.onMessage((message) => {
          passOrWait(isHeld, () => {
            toPage.send(message);
          });
        });
      });
    },
    hold: () => {
      isHeld = true;
    },
    holdCalls: (...methods) => {
      heldPaths = methods.map((method) => `/${method.replace(".", "/")}`);
    },
    letGo: () => {
      isHeld = false;
      heldPaths = [];
      for (const send of waiting.splice(0)) send();
    },
  };
}
