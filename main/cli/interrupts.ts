/** Ctrl-C and its relatives: what the first does, what the second, and what is no second one. */
import { constants } from "node:os";
import { EXIT } from "./exit-codes.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/**
 * One press reaches every process of a terminal, and npm or whoever started this one may pass it on besides; no person
 * presses again so soon.
 */
const SAME_PRESS_MS = 300;

/** Of the process, what is needed; a test hands in its own. */
export type SignalSource = {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
  exit(code: number): void;
};

/** The first signal goes to the command if it listens; the second, or one that nobody hears, ends the process at once. */
export function listenForInterrupts(source: SignalSource, listener: () => void, nowMs: () => number = () => Date.now()): () => void {
  let heardAtMs: number | undefined;
  const onSignal = (signal: Signal): void => {
    if (heardAtMs === undefined) {
      heardAtMs = nowMs();
      listener();
    } else if (nowMs() - heardAtMs >= SAME_PRESS_MS) source.exit(signal === "SIGINT" ? EXIT.interrupted : 128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) source.off(signal, onSignal);
  };
}
