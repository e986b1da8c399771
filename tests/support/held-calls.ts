/** Holds back what a page asks of the lab, by method, so that a test sees the page wait. */
import type { Page } from "playwright-core";

export type HeldCalls = {
  /** From now on calls of these methods ("rounds.forecast") wait. */
  hold(...methods: readonly string[]): void;
  /** Lets go of what waits, and holds nothing any more. */
  release(): void;
};

/** Belongs before the page is led anywhere. */
export async function holdCalls(page: Page): Promise<HeldCalls> {
  let held: readonly string[] = [];
  let waiting: (() => void)[] = [];
  await page.routeWebSocket(/.*/u, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const text = message.toString();
      const send = (): void => {
        server.send(message);
      };
      if (held.some((path) => text.includes(path))) waiting.push(send);
      else send();
    });
    server.onMessage((message) => {
      socket.send(message);
    });
  });
  return {
    hold: (...methods) => {
      held = methods.map((method) => `/${method.replace(".", "/")}`);
    },
    release: () => {
      held = [];
      for (const send of waiting.splice(0)) send();
      waiting = [];
    },
  };
}
