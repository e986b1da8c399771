/** One side of the comparison: a sheet of paper that scrolls. */
import type { ReactNode, Ref } from "react";
import { annotateText } from "../text/annotate.ts";
import { withVisibleControls } from "./plain-text.ts";
import { ResponseText } from "./response-text.tsx";
import type { DiffPart } from "./word-diff.ts";

const text = annotateText.sheet;

export type ResponseSheetProps = {
  readonly side: "left" | "right";
  readonly text: string;
  /** Its words with those marked that the other side does not have; undefined while the diff is off. */
  readonly diff: readonly DiffPart[] | undefined;
  /** Whether it says how long the response is. */
  readonly hasLength: boolean;
  /** What scrolls. */
  readonly readRef: Ref<HTMLDivElement>;
  readonly onScroll: () => void;
};

export function ResponseSheet({ side, text: response, diff, hasLength, readRef, onScroll }: ResponseSheetProps): ReactNode {
  return (
    <section className={`sheet ${side}`} aria-label={text.response(side)}>
      <header>
        <h2>{annotateText.sides[side]}</h2>
        {hasLength && (
          <span className="small-text ink-3 figures" role="status">
            {text.length(wordCount(response), response.length)}
          </span>
        )}
      </header>
      <div className="read" ref={readRef} tabIndex={0} role="region" aria-label={text.text(side)} onScroll={onScroll}>
        <div className="column">
          {diff === undefined ? <ResponseText text={response} /> : <DiffText parts={diff} />}
          <p className="end-mark">{text.end}</p>
        </div>
      </div>
    </section>
  );
}

function wordCount(response: string): number {
  return response.match(/\S+/gu)?.length ?? 0;
}

function DiffText({ parts }: { readonly parts: readonly DiffPart[] }): ReactNode {
  return (
    <p className="diff-text" dir="auto">
      {parts.map((part, i) =>
        // Parts have no ids and never move.
        part.isOwn && part.text.trim() !== "" ? <mark key={i}>{withVisibleControls(part.text)}</mark> : withVisibleControls(part.text),
      )}
    </p>
  );
}
