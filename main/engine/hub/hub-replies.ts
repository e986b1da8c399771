/** What the hub's refusals mean in the lab's errors, and how long to wait where it asks for patience. */
import { ConfigError, EngineError, type LabError, NotFoundError } from "#app/base/errors.ts";
import { hubWords } from "#app/text/hub.ts";

/** Of one request that bring nothing. */
export const MAX_TRIES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Between two tries. Throws CancelledError. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Whether the same request may be answered later. */
export function tryLater(status: number): boolean {
  return status === 429 || status >= 500;
}

/** As Retry-After says in seconds, else twice as long each time; a minute at most. */
export function millisecondsToWait(reply: Response | undefined, tries: number): number {
  const seconds = Number(reply?.headers.get("retry-after") ?? Number.NaN);
  return Math.min(LONGEST_WAIT_MS, Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : FIRST_WAIT_MS * 2 ** (tries - 1));
}

/** For a reply that is no success; `what` is the model or file that was asked for. */
export function statusError(status: number, what: string, isGated: boolean): LabError {
  if (isGated || status === 403) {
    return new ConfigError(hubWords.terms(what), { status });
  }
  if (status === 401) return new ConfigError(hubWords.notAllowed(what), { status });
  if (status === 404) return new NotFoundError(hubWords.notFound(what), { status });
  return new EngineError(hubWords.badStatus(what, status), { status });
}
