/** What can be done about an open judgment: ask again, correct by superseding, leave it as it is. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import type { CorrectionVerdict, JudgmentDetail } from "#app/contract/judgments.ts";
import { Button } from "../design/button.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { annotateText } from "../text/annotate.ts";
import { designText } from "../text/design.ts";
import { Fill } from "../text/fill.tsx";
import { judgmentsText } from "../text/judgments.ts";

const text = judgmentsText.inspector;

export type CorrectionProps = {
  readonly detail: JudgmentDetail;
  /** The name in this browser; undefined before it was given. */
  readonly author: string | undefined;
  readonly onDone: (done: Done) => void;
};

/** Something was done: what, and how it is taken back, which says in its turn what then holds. */
export type Done = { readonly sentence: string; readonly takeBack?: () => Promise<string> };

const CHOICES: readonly (readonly [keyof typeof text.choices, CorrectionVerdict])[] = [
  ["firstMuch", { kind: "prefers", winner: "first", strength: "clear" }],
  ["first", { kind: "prefers", winner: "first", strength: "slight" }],
  ["tie", { kind: "tie" }],
  ["bothBad", { kind: "bothBad" }],
  ["second", { kind: "prefers", winner: "second", strength: "slight" }],
  ["secondMuch", { kind: "prefers", winner: "second", strength: "clear" }],
];

export function Correction({ detail, author, onDone }: CorrectionProps): ReactNode {
  const { connection } = useLab();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const opened = detail.opinions.find((one) => one.judgment.id === detail.id);
  if (opened === undefined) return null;
  if (author === undefined) {
    return (
      <p className="small-text ink-2">
        <Fill text={text.needName} values={{ annotate: <Link to="/annotate">{annotateText.title}</Link> }} />
      </p>
    );
  }
  const { judgments } = connection.client;
  const run = async (work: () => Promise<Done>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const done = await work();
      setOpen(false);
      onDone(done);
    } catch (thrown) {
      setProblem(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const { id } = detail;
  const why = isBusy && designText.underWay;
  return (
    <>
      {problem !== null && (
        <p className="note error" role="alert">
          {problem}
        </p>
      )}
      {isOpen ? (
        <CorrectionForm
          author={author}
          isBusy={isBusy}
          onCancel={() => {
            setOpen(false);
          }}
          onKeep={(verdict, rationale) => {
            void run(async () => {
              const corrected = await judgments.correct({ id, author, verdict, rationale, requestId: crypto.randomUUID() });
              return {
                sentence: corrected.isStageDone ? text.correctedDone : text.corrected,
                takeBack: async () => {
                  await judgments.takeBack({ id: corrected.id });
                  return text.correctionTakenBack;
                },
              };
            });
          }}
        />
      ) : (
        <div className="row">
          <Button
            className="btn primary"
            why={why}
            onClick={() => {
              void run(async () => {
                await judgments.askAgain({ id, author });
                return { sentence: text.askedAgain(author) };
              });
            }}
          >
            {text.again(author)}
          </Button>
          {opened.judgment.isLive && (
            <Button
              className="btn"
              why={why}
              onClick={() => {
                setOpen(true);
              }}
            >
              {text.correct(opened.judgment.author)}
            </Button>
          )}
          {detail.disagreement !== null && !detail.isSettled && (
            <Button
              className="btn quiet"
              why={why}
              onClick={() => {
                void run(async () => {
                  await judgments.settle({ id, author });
                  return {
                    sentence: text.left,
                    takeBack: async () => {
                      await judgments.reopen({ id });
                      return text.reopened;
                    },
                  };
                });
              }}
            >
              {text.leave}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

type FormProps = {
  readonly author: string;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
  readonly onKeep: (verdict: CorrectionVerdict, rationale: string) => void;
};

function CorrectionForm({ author, isBusy, onCancel, onKeep }: FormProps): ReactNode {
  const [choice, setChoice] = useState<number | null>(null);
  const [why, setWhy] = useState("");
  const fieldId = useId();
  const verdict = choice === null ? undefined : CHOICES[choice]?.[1];
  return (
    <form
      className="correction"
      onSubmit={(event) => {
        event.preventDefault();
        if (verdict !== undefined) onKeep(verdict, why);
      }}
    >
      <fieldset>
        <legend>
          <b>{text.correctTitle}</b> <span className="small-text ink-3">{text.asAuthor(author)}</span>
        </legend>
        <div className="correction-choices">
          {CHOICES.map(([name], i) => (
            <label key={name}>
              <input
                type="radio"
                name="correction"
                autoFocus={i === 0}
                checked={choice === i}
                onChange={() => {
                  setChoice(i);
                }}
              />
              {text.choices[name]}
            </label>
          ))}
        </div>
      </fieldset>
      <label htmlFor={fieldId} className="small-text">
        {text.why}
      </label>
      <input
        id={fieldId}
        className="field"
        value={why}
        maxLength={20_000}
        onChange={(event) => {
          setWhy(event.currentTarget.value);
        }}
      />
      <div className="row">
        <Button type="submit" className="btn primary" busy={isBusy} doing={text.keeping} why={verdict === undefined && text.noVerdict}>
          {text.keep}
        </Button>
        <button type="button" className="btn quiet" onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}
