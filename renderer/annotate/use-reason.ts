/** The reason for the pair on the screen: read from its draft, kept as it is written, given with the verdict. */
import { useState } from "react";
import type { ComparisonView, Reason } from "#app/contract/views.ts";
import { type DraftShelf, isEmptyReason, NO_REASON } from "./drafts.ts";

export type ReasonOfPair = {
  readonly reason: Reason;
  readonly savedAtMs: number | null;
  write(reason: Reason): void;
  /** What goes with the verdict, if anything was said; the draft is done with. */
  take(): Reason | undefined;
};

type Written = { readonly askId: string; readonly reason: Reason; readonly savedAtMs: number | null };

export function useReason(drafts: DraftShelf, current: ComparisonView | undefined, nowMs: () => number): ReasonOfPair {
  const [written, setWritten] = useState<Written | null>(null);
  const askId = current?.askId;
  const mine = written !== null && written.askId === askId ? written : null;
  const draft = mine === null && current !== undefined ? drafts.read(current.askId, current.draft) : null;
  const reason = mine?.reason ?? (draft === null ? NO_REASON : { text: draft.text, tags: draft.tags, criteria: draft.criteria });
  return {
    reason,
    savedAtMs: mine?.savedAtMs ?? draft?.savedAtMs ?? null,
    write: (next) => {
      if (askId === undefined) return;
      drafts.keep(askId, next);
      setWritten({ askId, reason: next, savedAtMs: nowMs() });
    },
    take: () => {
      if (askId !== undefined) drafts.drop(askId);
      setWritten(null);
      return isEmptyReason(reason) ? undefined : reason;
    },
  };
}
