/** Holds what the lab says to a page until it is let go: a page that waits can be looked at, and what it shows then compared with what comes. */
import type { Page } from "playwright-core";

export type HeldSocket = {
  /** Given to a page before it is led anywhere. */
  readonly prepare: (page: Page) => Promise<void>;
  /** From now on nothing that the lab says arrives; what the page says still does. */
  hold(): void;
  /** All that was held arrives, in its order, and what comes after it. */
  letGo(): void;
};

export function holdSocket(): HeldSocket {
  let isHeld = false;
  const waiting: (() => void)[] = [];
  return {
    prepare: async (page) => {
      await page.routeWebSocket(/.*/u, (toPage) => {
        const toLab = toPage.connectToServer();
        toLab.onMessage((message) => {
          const send = (): void => {
            toPage.send(message);
          };
          if (isHeld) waiting.push(send);
          else send();
        });
      });
    },
    hold: () => {
      isHeld = true;
    },
    letGo: () => {
      isHeld = false;
      for (const send of waiting.splice(0)) send();
    },
  };
}
