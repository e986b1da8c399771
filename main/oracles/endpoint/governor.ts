/** Keeps one endpoint's requests within its limits: so many at a time, requests and tokens a minute, and pauses that it asks for. */
import { CancelledError } from "#app/base/errors.ts";

export type Limits = { readonly parallel: number; readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null };

export type Turn = {
  /** Ends the turn; the tokens that were used replace those that were reserved. */
  end(tokensUsed: number | null): void;
};

export type Governor = {
  /**
   * Resolves when one more request with so many tokens may be sent; throws CancelledError if the signal aborts before.
   * One that was sent before and brought nothing goes before those that come for the first time.
   */
  takeTurn(limits: Limits, tokens: number, signal: AbortSignal, wasSent?: boolean): Promise<Turn>;
  /** Nobody's turn comes before this time. */
  holdUntil(timeMs: number): void;
  /** The endpoint has answered a request, whoever's it was. */
  noteReply(): void;
  /** When it last did; long ago if never. */
  lastReplyMs(): number;
};

const MINUTE_MS = 60_000;
/** A turn that waits looks again after at most so long. */
const LOOK_MS = 1000;
/** Who is not the first in line looks again when woken; the longest that a timer takes. */
const UNTIL_WOKEN_MS = 2 ** 31 - 1;

type Sent = { readonly atMs: number; tokens: number };
type Waiting = { readonly wasSent: boolean; wake: () => void };

/**
 * A sliding minute: what was sent within the last sixty seconds counts. A lone request larger than the tokens of a
 * minute is let through when the minute is empty, as it would wait for ever. First come, first served, among those that
 * were sent before and then among the others.
 */
export function createGovernor(nowMs: () => number, sleep: (ms: number, signal: AbortSignal) => Promise<void>): Governor {
  let sent: Sent[] = [];
  let underWay = 0;
  let heldUntilMs = 0;
  let repliedAtMs = Number.NEGATIVE_INFINITY;
  const line: Waiting[] = [];

  const waitMs = (limits: Limits, tokens: number): number => {
    const now = nowMs();
    sent = sent.filter((one) => one.atMs > now - MINUTE_MS);
    if (heldUntilMs > now) return heldUntilMs - now;
    if (underWay >= limits.parallel) return LOOK_MS;
    const untilOut = (count: number): number => (sent[count - 1]?.atMs ?? now - MINUTE_MS) + MINUTE_MS - now;
    if (limits.requestsPerMinute !== null && sent.length >= limits.requestsPerMinute) return untilOut(sent.length - limits.requestsPerMinute + 1);
    if (limits.tokensPerMinute === null || sent.length === 0) return 0;
    let over = sent.reduce((sum, one) => sum + one.tokens, tokens) - limits.tokensPerMinute;
    for (const [i, one] of sent.entries()) {
      if (over <= 0) return i === 0 ? 0 : untilOut(i);
      over -= one.tokens;
    }
    return untilOut(sent.length);
  };

  const join = (wasSent: boolean): Waiting => {
    const mine = { wasSent, wake: () => undefined };
    const at = wasSent ? line.findIndex((other) => !other.wasSent) : -1;
    line.splice(at === -1 ? line.length : at, 0, mine);
    return mine;
  };

  const enter = async (mine: Waiting, limits: Limits, tokens: number, signal: AbortSignal): Promise<void> => {
    for (;;) {
      if (signal.aborted) throw new CancelledError();
      const wait = line[0] === mine ? waitMs(limits, tokens) : UNTIL_WOKEN_MS;
      if (wait <= 0) return;
      const woken = new AbortController();
      mine.wake = () => {
        woken.abort();
      };
      // Either the time is over, or a turn has ended, or whoever was before it has gone.
      await sleep(wait, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    }
  };

  return {
    takeTurn: async (limits, tokens, signal, wasSent = false) => {
      const place = join(wasSent);
      try {
        await enter(place, limits, tokens, signal);
        const mine: Sent = { atMs: nowMs(), tokens };
        sent.push(mine);
        underWay += 1;
        return {
          end: (tokensUsed) => {
            if (tokensUsed !== null) mine.tokens = tokensUsed;
            underWay -= 1;
            line[0]?.wake();
          },
        };
      } finally {
        line.splice(line.indexOf(place), 1);
        line[0]?.wake();
      }
    },
    holdUntil: (timeMs) => {
      heldUntilMs = Math.max(heldUntilMs, timeMs);
    },
    noteReply: () => {
      repliedAtMs = nowMs();
    },
    lastReplyMs: () => repliedAtMs,
  };
}
