/** The lab's event stream: past-tense news to any number of watchers, progress coalesced. */
import type { LabEvent } from "#app/contract/rounds.ts";

const PROGRESS_INTERVAL_MS = 200;
/** A watcher that reads nothing for so many events is dropped: it reloads and asks for the state anew. */
const MAX_BACKLOG = 10_000;

export interface EventBus {
  publish(event: LabEvent): void;
  /** Hears from this call on, whenever the first event is asked for. Ends when the signal aborts or the bus closes. */
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<LabEvent, void>;
  close(): void;
}

type Watcher = { readonly backlog: LabEvent[]; wake: () => void; isClosed: boolean };

export function createEventBus(): EventBus {
  const watchers = new Set<Watcher>();
  const pendingProgress = new Map<string, LabEvent>();
  let timer: NodeJS.Timeout | undefined;

  const deliver = (event: LabEvent): void => {
    for (const watcher of watchers) {
      watcher.backlog.push(event);
      if (watcher.backlog.length > MAX_BACKLOG) {
        watcher.isClosed = true;
        watchers.delete(watcher);
      }
      watcher.wake();
    }
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const events = [...pendingProgress.values()];
    pendingProgress.clear();
    for (const event of events) deliver(event);
  };

  return {
    publish: (event) => {
      const key = progressKey(event);
      if (key === undefined) {
        // What was pending happened before this.
        flush();
        deliver(event);
        return;
      }
      pendingProgress.set(key, event);
      timer ??= setTimeout(flush, PROGRESS_INTERVAL_MS).unref();
    },
    subscribe: (signal) => {
      const watcher: Watcher = { backlog: [], wake: () => undefined, isClosed: false };
      const close = (): void => {
        watcher.isClosed = true;
        watchers.delete(watcher);
        watcher.wake();
      };
      watchers.add(watcher);
      if (signal?.aborted === true) close();
      signal?.addEventListener("abort", close, { once: true });
      return read(watcher, () => {
        close();
        signal?.removeEventListener("abort", close);
      });
    },
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) {
        watcher.isClosed = true;
        watcher.wake();
      }
    },
  };
}

async function* read(watcher: Watcher, end: () => void): AsyncGenerator<LabEvent, void> {
  try {
    for (;;) {
      yield* watcher.backlog.splice(0);
      if (watcher.isClosed) return;
      if (watcher.backlog.length === 0) await new Promise<void>((resolve) => (watcher.wake = resolve));
    }
  } finally {
    end();
  }
}

/** Events of one key replace each other within an interval; undefined for events that must all arrive. */
function progressKey(event: LabEvent): string | undefined {
  switch (event.type) {
    case "stage.progressed":
      return `${event.type}/${event.stage.stage}`;
    case "queue.changed":
    case "results.changed":
    case "comparison.progressed":
    case "policy.progressed":
      return event.type;
    default:
      return undefined;
  }
}
