/** What was asked: the last message in full, earlier turns folded away above it. */
import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { ComparisonView } from "#app/contract/views.ts";
import { annotateText } from "../text/annotate.ts";
import { LongText } from "./long-text.tsx";
import { withVisibleControls } from "./plain-text.ts";

const text = annotateText.prompt;

export type PromptPartProps = {
  readonly messages: ComparisonView["messages"];
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
};

/** Of earlier turns, so many characters stand beside the fold. */
const GLIMPSE = 400;

export function PromptPart({ messages, isUnfolded, onFold }: PromptPartProps): ReactNode {
  const earlier = messages.slice(0, -1);
  const Chevron = isUnfolded ? ChevronDown : ChevronRight;
  return (
    <section className="prompt" aria-label={text.label} tabIndex={0}>
      <div className="prompt-column">
        {earlier.length > 0 && (
          <div className="prompt-earlier">
            <button type="button" className="fold" aria-expanded={isUnfolded} onClick={onFold}>
              <Chevron className="icon small" aria-hidden="true" />
              {text.earlier(earlier.length)}
            </button>
            {!isUnfolded && (
              <span className="cut" dir="auto">
                {withVisibleControls(earlier.map((message) => `“${message.content.slice(0, GLIMPSE)}”`).join(" "))}
              </span>
            )}
          </div>
        )}
        {isUnfolded &&
          earlier.map((message, i) => (
            // Messages have no ids and never move.
            <div className="turn" key={i}>
              <span className="small-text ink-3">{text.roles[message.role]}</span>
              <p dir="auto">
                <LongText text={message.content} />
              </p>
            </div>
          ))}
        <p dir="auto">
          <LongText text={messages.at(-1)?.content ?? ""} />
        </p>
      </div>
    </section>
  );
}
