/** Notices when an endpoint has been silent for unusually long, well before a request is given up. */
import type { Endpoint } from "#app/domain/endpoint.ts";
import { endpointWords } from "#app/text/endpoints.ts";

export type QuietWatch = {
  /** A request has gone out. */
  sent(): void;
  /** It brought no reply. */
  lost(): void;
  /** It brought one, after so many ms. */
  answered(durationMs: number): void;
  /** A failure was told, which says more: nothing is told here until the next answer. */
  told(): void;
};

const LONGEST_MS = 30_000;
/** A request that may take two minutes is worth a word after half a minute. */
const OF_TIMEOUT = 1 / 4;
/** A judge may be slow: unusual is what takes so many times as long as its slowest answer so far. */
const OF_ANSWERS = 3;

/** Time counts while a request is under way: what waits for the lab's own limits is not silence. */
export function watchForQuiet(
  { name, timeoutMs }: Pick<Endpoint, "name" | "timeoutMs">,
  tell: (sentence: string) => void,
  nowMs: () => number,
): QuietWatch {
  let underWay = 0;
  let sinceMs = 0;
  let slowestMs = 0;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    if (underWay === 0) return;
    timer = setTimeout(
      () => {
        if (!isTold) tell(endpointWords.quiet(name, inSeconds(nowMs() - sinceMs), inSeconds(timeoutMs)));
        look();
      },
      Math.max(Math.min(LONGEST_MS, OF_TIMEOUT * timeoutMs), OF_ANSWERS * slowestMs),
    ).unref();
  };
  return {
    sent: () => {
      underWay += 1;
      if (underWay > 1) return;
      sinceMs = nowMs();
      look();
    },
    lost: () => {
      underWay -= 1;
      if (underWay === 0) look();
    },
    answered: (durationMs) => {
      slowestMs = Math.max(slowestMs, durationMs);
      sinceMs = nowMs();
      isTold = false;
      underWay -= 1;
      look();
    },
    told: () => {
      isTold = true;
    },
  };
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}
