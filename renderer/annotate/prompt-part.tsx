/** What was asked: the last message in full, earlier turns folded away above it. */
import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { ComparisonView } from "#app/contract/views.ts";

export type PromptPartProps = {
  readonly messages: ComparisonView["messages"];
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
};

const ROLES = { system: "Instructions", user: "Person", assistant: "Policy" } as const;

export function PromptPart({ messages, isUnfolded, onFold }: PromptPartProps): ReactNode {
  const earlier = messages.slice(0, -1);
  const Chevron = isUnfolded ? ChevronDown : ChevronRight;
  return (
    <section className="prompt" aria-label="Prompt" tabIndex={0}>
      <div className="prompt-column">
        {earlier.length > 0 && (
          <div className="prompt-earlier">
            <button type="button" className="fold" aria-expanded={isUnfolded} onClick={onFold}>
              <Chevron className="icon small" aria-hidden="true" />
              {earlier.length === 1 ? "1 earlier turn" : `${earlier.length} earlier turns`}
            </button>
            {!isUnfolded && <span className="cut">{earlier.map((message) => `“${message.content}”`).join(" ")}</span>}
          </div>
        )}
        {isUnfolded &&
          earlier.map((message, i) => (
            // Messages have no ids and never move.
            <div className="turn" key={i}>
              <span className="small-text ink-3">{ROLES[message.role]}</span>
              <p>{message.content}</p>
            </div>
          ))}
        <p>{messages.at(-1)?.content ?? ""}</p>
      </div>
    </section>
  );
}
