/** Why: tags, words and criteria for the pair on the screen, kept as they are written. It opens centred, above the verdicts. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import type { Reason } from "#app/contract/views.ts";
import { clockTime } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { annotateText } from "../text/annotate.ts";

const text = annotateText.reason;

export type ReasonPanelProps = {
  readonly reason: Reason;
  readonly savedAtMs: number | null;
  readonly tags: readonly string[];
  readonly criteria: readonly string[];
  readonly modifier: "Ctrl" | "Cmd";
  readonly onChange: (reason: Reason) => void;
  readonly onClose: () => void;
};

const MAX_LENGTH = 20_000;

export function ReasonPanel({ reason, savedAtMs, tags, criteria, modifier, onChange, onClose }: ReasonPanelProps): ReactNode {
  const titleId = useId();
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    fieldRef.current?.focus();
  }, []);
  const toggle = (tag: string): void => {
    onChange({ ...reason, tags: reason.tags.includes(tag) ? reason.tags.filter((one) => one !== tag) : [...reason.tags, tag] });
  };
  return (
    <div
      className="reason-panel"
      role="dialog"
      aria-labelledby={titleId}
      data-own-keys
      onKeyDown={(event) => {
        const isKeep = event.key === "Enter" && (event.ctrlKey || event.metaKey);
        if (event.key !== "Escape" && !isKeep) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <p className="reason-title">
        <b id={titleId}>{text.title}</b> <span className="small-text ink-3">{text.hint}</span>
      </p>
      <div className={criteria.length > 0 ? "reason-parts with-criteria" : "reason-parts"}>
        <div className="reason-words">
          <div className="chips" role="group" aria-label={text.tags}>
            {tags.map((tag) => (
              <button
                type="button"
                key={tag}
                className="chip"
                aria-pressed={reason.tags.includes(tag)}
                onClick={() => {
                  toggle(tag);
                }}
              >
                {tag}
              </button>
            ))}
          </div>
          <textarea
            ref={fieldRef}
            className="field"
            rows={3}
            maxLength={MAX_LENGTH}
            aria-label={text.text}
            placeholder={text.placeholder}
            dir="auto"
            value={reason.text}
            onChange={(event) => {
              onChange({ ...reason, text: event.currentTarget.value });
            }}
          />
        </div>
        {criteria.length > 0 && <Criteria criteria={criteria} reason={reason} onChange={onChange} />}
      </div>
      <div className="reason-foot">
        <span className="small-text ink-3">{savedAtMs === null ? text.rest : text.saved(clockTime(savedAtMs))}</span>
        <span className="row">
          <button type="button" className="btn quiet" onClick={onClose}>
            {text.close} <KeyCap keys={["Esc"]} />
          </button>
          <button type="button" className="btn primary" onClick={onClose}>
            {text.keep} <KeyCap keys={[modifier, "Enter"]} />
          </button>
        </span>
      </div>
    </div>
  );
}

const CHOICES = ["left", "even", "right"] as const;

function Criteria({ criteria, reason, onChange }: Pick<ReasonPanelProps, "criteria" | "reason" | "onChange">): ReactNode {
  return (
    <div className="criteria">
      <p className="small-text ink-3">{text.also}</p>
      {criteria.map((criterion) => (
        <div className="criterion" key={criterion} role="radiogroup" aria-label={criterion}>
          <span>{criterion}</span>
          <span className="seg">
            {CHOICES.map((choice) => (
              <label key={choice}>
                <input
                  type="radio"
                  name={`criterion ${criterion}`}
                  checked={reason.criteria[criterion] === choice}
                  onChange={() => {
                    onChange({ ...reason, criteria: { ...reason.criteria, [criterion]: choice } });
                  }}
                />
                <span>{text[choice]}</span>
              </label>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}
