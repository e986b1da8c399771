/** Adds a policy by the path of its checkpoint or adapter; what takes long says how far it is. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { percent } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { useLab, useNews } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { policiesText } from "../text/policies.ts";
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";

const text = policiesText.add;

export type AddPolicyDialogProps = { readonly isOpen: boolean; readonly onClose: () => void };

export function AddPolicyDialog({ isOpen, onClose }: AddPolicyDialogProps): ReactNode {
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose} width="34rem">
      {isOpen && <AddForm onClose={onClose} />}
    </Dialog>
  );
}

function AddForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { queries } = useLab();
  const { policyProgress } = useNews();
  const navigate = useNavigate();
  const hasHost = useHostIfAny() !== null;
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [pathId, helpId, nameId] = [useId(), useId(), useId()];
  const add = useMutation(
    queries.policies.add.mutationOptions({
      onSuccess: (policy) => {
        onClose();
        void navigate({ to: "/policies", search: { policy: policy.name } });
      },
    }),
  );
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === "" || add.isPending) return;
        add.mutate({ path: path.trim(), ...(name.trim() === "" ? {} : { name: name.trim() }) });
      }}
    >
      <label htmlFor={pathId}>{text.path}</label>
      <div className="row">
        <input
          id={pathId}
          aria-describedby={helpId}
          className="field mono grow"
          value={path}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => {
            setPath(event.currentTarget.value);
          }}
        />
        {hasHost && <ChooseButton onChoose={setPath} />}
      </div>
      <p id={helpId} className="small-text ink-3">
        {text.pathHelp}
      </p>
      <label htmlFor={nameId}>{text.name}</label>
      <input
        id={nameId}
        className="field"
        value={name}
        autoComplete="off"
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {add.isPending && (
        <p role="status" className="ink-2">
          {policyProgress === null ? text.adding : shellText.policyProgress(policyProgress.message, percent(policyProgress.share))}
        </p>
      )}
      {add.isError && <Note kind="error">{sentenceOf(add.error)}</Note>}
      <div className="dialog-actions">
        <button type="button" className="btn" onClick={onClose}>
          {text.cancel}
        </button>
        <button type="submit" className="btn primary" disabled={path.trim() === "" || add.isPending}>
          {add.isPending ? text.adding : text.confirm}
        </button>
      </div>
    </form>
  );
}

function ChooseButton({ onChoose }: { readonly onChoose: (path: string) => void }): ReactNode {
  const question = useChooseFile("checkpoint", onChoose);
  return (
    <>
      <button type="button" className="btn" onClick={question.ask}>
        {setUpText.policy.choose}
      </button>
      {question.dialog}
    </>
  );
}
