/** Drafts of reasons: kept in this browser at every stroke, and by the lab as soon as the hand rests. */
import { reasonSchema, type Draft, type Reason } from "#app/contract/views.ts";

export const NO_REASON: Reason = { text: "", tags: [], criteria: {} };

export function isEmptyReason({ text, tags, criteria }: Reason): boolean {
  return text.trim() === "" && tags.length === 0 && Object.keys(criteria).length === 0;
}

export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export type DraftShelfOptions = {
  readonly storage: DraftStorage;
  /** Before the id of the comparison, in the names under which drafts are kept. */
  readonly prefix: string;
  readonly nowMs: () => number;
  /** Has the lab keep it; when it has. */
  readonly save: (askId: string, reason: Reason) => Promise<number>;
  readonly restMs?: number;
};

/** The lab is told when nothing was typed for so long. */
const REST_MS = 600;

export class DraftShelf {
  readonly #options: DraftShelfOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { readonly askId: string; readonly reason: Reason } | undefined;

  constructor(options: DraftShelfOptions) {
    this.#options = options;
  }

  /** The newer of what this browser and the lab have. */
  read(askId: string, labs: Draft | null): Draft | null {
    const kept = this.#kept(askId);
    if (kept === null) return labs;
    return labs === null || kept.savedAtMs >= labs.savedAtMs ? kept : labs;
  }

  keep(askId: string, reason: Reason): void {
    const { storage, prefix, nowMs } = this.#options;
    try {
      storage.setItem(prefix + askId, JSON.stringify({ ...reason, savedAtMs: nowMs() }));
    } catch {
      // A browser that keeps nothing: the lab does, below.
    }
    this.#waiting = { askId, reason };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.flush();
    }, this.#options.restMs ?? REST_MS);
  }

  /** Tells the lab now. What it does not take stays in the browser. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    try {
      await this.#options.save(waiting.askId, waiting.reason);
    } catch {
      // The lab is away, or asks this comparison no more: the browser has it, and the verdict takes it along.
    }
  }

  /** It went with a verdict. */
  drop(askId: string): void {
    if (this.#waiting?.askId === askId) {
      clearTimeout(this.#timer);
      this.#waiting = undefined;
    }
    this.#options.storage.removeItem(this.#options.prefix + askId);
  }

  #kept(askId: string): Draft | null {
    try {
      const value: unknown = JSON.parse(this.#options.storage.getItem(this.#options.prefix + askId) ?? "null");
      if (typeof value !== "object" || value === null || !("savedAtMs" in value) || typeof value.savedAtMs !== "number") return null;
      const reason = reasonSchema.safeParse(value);
      return reason.success ? { ...reason.data, savedAtMs: value.savedAtMs } : null;
    } catch {
      return null;
    }
  }
}
