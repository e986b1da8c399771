/** The policies of the experiment, and a way to add one by choosing it or by its path. */
import { type ReactNode, useId, useState } from "react";
import { fixed } from "#app/text/language.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { percent } from "../design/format.ts";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { useNews } from "../lab-client/lab-context.tsx";
import { Fill } from "../text/fill.tsx";
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";
import { Step, type StepProps } from "./step.tsx";

const text = setUpText.policy;

export function PolicyStep({ experiment, actions }: StepProps): ReactNode {
  const { policyProgress } = useNews();
  const hasHost = useHostIfAny() !== null;
  const { policies } = experiment;
  return (
    <Step title={text.title} isDone={policies.length > 0}>
      <p className="ink-2">{text.sentence}</p>
      {policies.map((policy) => (
        <p key={policy.id} title={policy.checkpointPath}>
          <Fill text={text.opened} values={{ name: <b>{policy.name}</b>, family: policy.family, millions: fixed(policy.parameterCount / 1e6, 1) }} />
        </p>
      ))}
      {actions.isAddingPolicy && (
        <p className="ink-2" role="status">
          {policyProgress === null ? text.adding : shellText.policyProgress(policyProgress.message, percent(policyProgress.share))}
        </p>
      )}
      {actions.policyFailure !== null && <Note kind="error">{actions.policyFailure}</Note>}
      <div className="row wrap">
        {hasHost && (
          <ChooseModel label={policies.length > 0 ? text.another : text.choose} isBusy={actions.isAddingPolicy} onChoose={actions.addPolicy} />
        )}
        <PathField isBusy={actions.isAddingPolicy} onPath={actions.addPolicy} />
      </div>
    </Step>
  );
}

type ChooseProps = { readonly label: string; readonly isBusy: boolean; readonly onChoose: (path: string) => void };

function ChooseModel({ label, isBusy, onChoose }: ChooseProps): ReactNode {
  const question = useChooseFile("checkpoint", onChoose);
  return (
    <>
      <Button className="btn" why={isBusy && text.whileAdding} onClick={question.ask}>
        {label}
      </Button>
      {question.dialog}
    </>
  );
}

function PathField({ isBusy, onPath }: { readonly isBusy: boolean; readonly onPath: (path: string) => void }): ReactNode {
  const [path, setPath] = useState("");
  const id = useId();
  const trimmed = path.trim();
  return (
    <form
      className="row path-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed === "" || isBusy) return;
        onPath(trimmed);
        setPath("");
      }}
    >
      <label htmlFor={id} className="ink-3 no-wrap">
        {text.path}
      </label>
      <input
        id={id}
        className="field mono grow"
        value={path}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setPath(event.currentTarget.value);
        }}
      />
      <Button type="submit" className="btn" why={isBusy ? text.whileAdding : trimmed === "" && text.noPath}>
        {text.add}
      </Button>
    </form>
  );
}
