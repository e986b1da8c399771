/** What Annotate says when nothing is to be judged, and the cover of a pause. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyState } from "../design/empty-state.tsx";
import { count } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { annotateText } from "../text/annotate.ts";

const text = annotateText.nothing;

export type NothingWaitsProps = {
  readonly mine: number;
  readonly isDisputes: boolean;
  readonly canUndo: boolean;
  readonly hasJudged: boolean;
  readonly onUndo: () => void;
  readonly onEnd: () => void;
  readonly notice: string | null;
};

export function NothingWaits({ mine, isDisputes, canUndo, hasJudged, onUndo, onEnd, notice }: NothingWaitsProps): ReactNode {
  return (
    <EmptyState
      title={isDisputes ? text.disputesTitle : text.title}
      action={
        <div className="row">
          {hasJudged && (
            <button type="button" className="btn primary" onClick={onEnd}>
              {text.end}
            </button>
          )}
          <Link className="btn" to={isDisputes ? "/judgments" : "/rounds"}>
            {isDisputes ? text.judgments : text.rounds}
          </Link>
          {canUndo && (
            <button type="button" className="btn quiet" onClick={onUndo}>
              {text.undo}
            </button>
          )}
        </div>
      }
    >
      <p>{isDisputes ? text.disputes : mine > 0 ? text.mine(count(mine)) : text.none}</p>
      {notice !== null && <p role="status">{notice}</p>}
    </EmptyState>
  );
}

export function PauseCover({ caps, onGoOn }: { readonly caps: readonly string[]; readonly onGoOn: () => void }): ReactNode {
  return (
    <div
      className="pause-cover"
      role="dialog"
      aria-modal="true"
      aria-label={annotateText.pause.label}
      // The one button keeps the focus: what lies behind is covered for the keyboard too.
      onKeyDown={(event) => {
        if (event.key === "Tab") event.preventDefault();
      }}
      onMouseDown={(event) => {
        event.preventDefault();
      }}
    >
      <p className="claim">{annotateText.pause.title}</p>
      <p className="ink-2">{annotateText.pause.sentence}</p>
      <button type="button" className="btn primary large" autoFocus onClick={onGoOn}>
        {annotateText.pause.goOn} <KeyCap keys={caps} />
      </button>
    </div>
  );
}
