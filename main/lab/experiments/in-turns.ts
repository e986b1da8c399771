/** Work on many things that lets the event loop turn in between, so that the lab answers meanwhile. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** How long the event loop may be held. A round of it costs microseconds; one frame of a screen is 16 ms. */
const HELD_MS = 8;

/** To be awaited between two pieces of work: gives the event loop a turn when it has been held long enough. */
export function createTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < HELD_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}

export async function inTurns<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  const turn = createTurns();
  for (const item of items) {
    work(item);
    await turn();
  }
}
