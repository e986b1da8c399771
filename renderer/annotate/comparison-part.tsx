/** The comparison itself: the prompt above, two sheets that scroll as one, and their words compared when asked for. */
import { Link2, Unlink2 } from "lucide-react";
import { type ReactNode, type RefObject, useMemo } from "react";
import type { ComparisonView } from "#app/contract/views.ts";
import { annotateText } from "../text/annotate.ts";
import { useScrollTogether } from "./preferences.ts";
import { PromptPart } from "./prompt-part.tsx";
import { ResponseSheet } from "./response-sheet.tsx";
import { useSyncedScroll } from "./use-synced-scroll.ts";
import { diffWords } from "./word-diff.ts";

const text = annotateText.sheet;

export type ComparisonPartProps = {
  readonly comparison: ComparisonView;
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
  readonly isDiff: boolean;
  readonly hasLengths: boolean;
  readonly leftRef: RefObject<HTMLDivElement | null>;
  readonly rightRef: RefObject<HTMLDivElement | null>;
};

export function ComparisonPart({ comparison, isUnfolded, onFold, isDiff, hasLengths, leftRef, rightRef }: ComparisonPartProps): ReactNode {
  const { askId, left, right } = comparison;
  const [isTogether, toggleTogether] = useScrollTogether();
  const synced = useSyncedScroll(leftRef, rightRef, isTogether);
  const diff = useMemo(() => (isDiff ? diffWords(left.text, right.text) : undefined), [isDiff, left.text, right.text]);
  const Icon = isTogether ? Link2 : Unlink2;
  const note = isDiff && diff === undefined ? text.tooLongForDiff : diff !== undefined && left.text === right.text ? text.same : null;
  return (
    <>
      <PromptPart key={askId} messages={comparison.messages} isUnfolded={isUnfolded} onFold={onFold} />
      <div className="two">
        <ResponseSheet
          key={`left-${askId}`}
          side="left"
          text={left.text}
          diff={diff?.left}
          hasLength={hasLengths}
          readRef={leftRef}
          onScroll={() => {
            synced.onScroll("left");
          }}
        />
        <ResponseSheet
          key={`right-${askId}`}
          side="right"
          text={right.text}
          diff={diff?.right}
          hasLength={hasLengths}
          readRef={rightRef}
          onScroll={() => {
            synced.onScroll("right");
          }}
        />
        <div className="between-sheets">
          <button type="button" className="scroll-link" aria-pressed={isTogether} onClick={toggleTogether}>
            <Icon className="icon small" aria-hidden="true" /> {isTogether ? text.scrollTogether : text.scrollApart}
          </button>
          {(note !== null || comparison.isPractice) && <p className="sheet-note">{note ?? annotateText.practiceMark}</p>}
        </div>
      </div>
    </>
  );
}
