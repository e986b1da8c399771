/** Verdicts that the lab has not acknowledged yet, kept by the browser: a reload or a crash of the page loses none. */
import { shownVerdictSchema, type ShownVerdict } from "#app/contract/queue.ts";
import { reasonSchema, type Reason } from "#app/contract/views.ts";

export type Answer = {
  /** The same at every attempt to send it, so that the lab takes it once. */
  readonly requestId: string;
  readonly author: string;
  readonly askId: string;
  readonly verdict: ShownVerdict;
  /** Left out where nothing was said beside the verdict. */
  readonly reason?: Reason;
  /** Time it was looked at, pauses taken off. */
  readonly durationMs: number;
  readonly pressedAtMs: number;
};

const PREFIX = "nashlab.unsent.";

/** The part of the browser's storage that is needed. */
export type AnswerStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export class Outbox {
  readonly #storage: AnswerStorage;
  readonly #prefix: string;

  /** One outbox an experiment: another experiment's lab does not know these comparisons. */
  constructor(storage: AnswerStorage, experimentId: string) {
    this.#storage = storage;
    this.#prefix = `${PREFIX}${experimentId}.`;
  }

  /** What an earlier page left unsent, in the order pressed. */
  all(): readonly Answer[] {
    return keysOf(this.#storage, this.#prefix)
      .flatMap((key) => readAnswer(this.#storage.getItem(key)))
      .sort((a, b) => a.pressedAtMs - b.pressedAtMs);
  }

  /** One entry an answer, so that two tabs do not overwrite each other's. False if the browser refuses to keep it. */
  keep(answer: Answer): boolean {
    try {
      this.#storage.setItem(this.#prefix + answer.requestId, JSON.stringify(answer));
      tellListeners();
      return true;
    } catch {
      return false;
    }
  }

  drop(requestId: string): void {
    this.#storage.removeItem(this.#prefix + requestId);
    tellListeners();
  }
}

const listeners = new Set<() => void>();

function tellListeners(): void {
  for (const listener of [...listeners]) listener();
}

/** Tells when this page has kept or dropped an answer. */
export function subscribeToUnsent(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** How many verdicts wait in this browser, of whatever experiment. */
export function unsentCount(storage: AnswerStorage): number {
  return keysOf(storage, PREFIX).length;
}

function keysOf(storage: AnswerStorage, prefix: string): string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((key): key is string => key?.startsWith(prefix) === true);
}

/** Empty if the entry is not one that this page can have written. */
function readAnswer(text: string | null): Answer[] {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isAnswer(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== "object" || value === null) return false;
  const { requestId, author, askId, verdict, reason, durationMs, pressedAtMs } = value as Partial<Record<keyof Answer, unknown>>; // checked below
  return (
    [requestId, author, askId].every((text) => typeof text === "string") &&
    [durationMs, pressedAtMs].every((number) => typeof number === "number") &&
    shownVerdictSchema.safeParse(verdict).success &&
    (reason === undefined || reasonSchema.safeParse(reason).success)
  );
}
