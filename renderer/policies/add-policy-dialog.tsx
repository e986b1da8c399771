/** Adds a policy by the path of its checkpoint or adapter, or by its name on the hub; what takes long says how far it is. */
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { bytes, percent } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { useNews } from "../lab-client/lab-context.tsx";
import { policiesText } from "../text/policies.ts";
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";
import { type HubModel, useAddPolicy } from "./use-add-policy.ts";

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
  const navigate = useNavigate();
  const hasHost = useHostIfAny() !== null;
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [pathId, helpId, nameId] = [useId(), useId(), useId()];
  const add = useAddPolicy((policy) => {
    onClose();
    void navigate({ to: "/policies", search: { policy: policy.name } });
  });
  const isBusy = add.isLooking || add.isAdding;
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === "" || isBusy) return;
        if (add.found !== null) add.confirm();
        else add.begin({ path: path.trim(), ...(name.trim() === "" ? {} : { name: name.trim() }) });
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
          readOnly={isBusy || add.found !== null}
          onChange={(event) => {
            setPath(event.currentTarget.value);
          }}
        />
        {hasHost && add.found === null && <ChooseButton onChoose={setPath} />}
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
        readOnly={isBusy || add.found !== null}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {add.found !== null && <OnTheHub model={add.found.model} />}
      {isBusy && (
        <p role="status" className="ink-2">
          {add.isLooking ? text.looking : <Progress />}
        </p>
      )}
      {add.failure !== null && <Note kind="error">{add.failure}</Note>}
      <div className="dialog-actions">
        <button
          type="button"
          className="btn"
          onClick={() => {
            add.cancel();
            if (!isBusy && add.found === null) onClose();
          }}
        >
          {add.isAdding && add.found !== null ? text.cancelFetching : text.cancel}
        </button>
        <Button
          type="submit"
          className="btn primary"
          busy={add.isAdding}
          doing={text.adding}
          why={add.isLooking ? text.whileLooking : path.trim() === "" && text.noPath}
        >
          {add.found === null ? text.confirm : fetchText(add.found.model)}
        </Button>
      </div>
    </form>
  );
}

function fetchText({ missingBytes }: HubModel): string {
  return missingBytes === 0 ? text.confirm : text.fetch(bytes(missingBytes));
}

/** What is known of the model before anything is fetched. */
function OnTheHub({ model }: { readonly model: HubModel }): ReactNode {
  const { repo, commit, host, license, totalBytes, missingBytes } = model;
  const rows = [
    [text.hub.model, <code key="repo">{repo}</code>],
    [text.hub.commit, <code key="commit">{commit.slice(0, 12)}</code>],
    [text.hub.license, license ?? (host === "" ? text.hub.notAsked : text.hub.noLicense)],
    [text.hub.size, missingBytes === 0 ? text.hub.allHere(bytes(totalBytes)) : text.hub.missing(bytes(missingBytes), bytes(totalBytes), host)],
  ] as const;
  return (
    <section aria-label={text.hub.title}>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Progress(): ReactNode {
  const { policyProgress } = useNews();
  return policyProgress === null ? text.adding : shellText.policyProgress(policyProgress.message, percent(policyProgress.share));
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
