/** The prompts of the experiment, and the ways to bring more: a file or a paste, looked at before anything of it is stored. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ExperimentView } from "#app/contract/views.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHost, useHostIfAny } from "../lab-client/host-context.tsx";
import { Fill } from "../text/fill.tsx";
import { setUpText } from "../text/set-up.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { promptCount, promptLines } from "./pasted-prompts.ts";
import type { ImportActions } from "./use-import.ts";

const text = setUpText.prompts;

export type PromptImportProps = {
  readonly experiment: Pick<ExperimentView, "prompts">;
  readonly actions: ImportActions;
  /** What is said beside the buttons, where files may be dropped too. */
  readonly drop?: string;
};

export function PromptImport({ experiment, actions, drop }: PromptImportProps): ReactNode {
  const [isPasting, setIsPasting] = useState(false);
  const hasHost = useHostIfAny() !== null;
  const { training, validation, test } = experiment.prompts;
  const isDone = training > 0;
  const { report } = actions;
  return (
    <>
      {isDone && (
        <p>
          <Fill text={text.counts(training, validation, test)} />
        </p>
      )}
      {actions.isImporting && (
        <p className="ink-2" role="status">
          {text.importing}
        </p>
      )}
      {report !== null && !actions.isImporting && (
        <p className="small-text ink-3" role="status">
          {text.imported(report)}
        </p>
      )}
      <Failure actions={actions} />
      <div className="row wrap">
        {hasHost && <FromFile actions={actions} isFirst={!isDone} />}
        <Button
          className="btn"
          why={actions.isImporting && text.whileImporting}
          onClick={() => {
            setIsPasting(true);
          }}
        >
          {text.paste}
        </Button>
        {drop !== undefined && <span className="small-text ink-3">{drop}</span>}
      </div>
      {isPasting && (
        <PasteDialog
          onClose={() => {
            setIsPasting(false);
          }}
          onTake={(lines) => {
            setIsPasting(false);
            actions.lookAt({ path: text.pasted, text: lines });
          }}
        />
      )}
      {actions.looking !== null && <ImportDialog prompts={actions.looking} onClose={actions.closeLook} onImport={actions.importPrompts} />}
    </>
  );
}

function Failure({ actions }: { readonly actions: ImportActions }): ReactNode {
  const { promptFailure, skipRejected } = actions;
  if (promptFailure === null) return null;
  return (
    <Note kind="error">
      {skipRejected === null ? promptFailure : text.rejected(promptFailure)}{" "}
      {skipRejected !== null && (
        <button type="button" className="btn" onClick={skipRejected}>
          {text.skipRejected}
        </button>
      )}
    </Note>
  );
}

function FromFile({ actions, isFirst }: { readonly actions: ImportActions; readonly isFirst: boolean }): ReactNode {
  const { queries } = useHost();
  const samplePrompts = useQuery(queries.about.queryOptions({ input: {} })).data?.samplePrompts;
  const question = useChooseFile("prompts", (path) => {
    actions.lookAt({ path });
  });
  const why = actions.isImporting && text.whileImporting;
  return (
    <>
      <Button className="btn" why={why} onClick={question.ask}>
        {isFirst ? text.choose : text.more}
      </Button>
      {isFirst && samplePrompts !== undefined && (
        <Button
          className="btn"
          why={why}
          onClick={() => {
            actions.importPrompts({ path: samplePrompts });
          }}
        >
          {text.everyday}
        </Button>
      )}
      {question.dialog}
    </>
  );
}

type PasteDialogProps = { readonly onClose: () => void; readonly onTake: (lines: string) => void };

function PasteDialog({ onClose, onTake }: PasteDialogProps): ReactNode {
  const [pasted, setPasted] = useState("");
  const id = useId();
  const found = promptCount(pasted);
  return (
    <Dialog title={text.pasteTitle} isOpen onClose={onClose} width="44rem">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (pasted.trim() !== "") onTake(promptLines(pasted));
        }}
      >
        <label htmlFor={id}>{text.pasteLabel}</label>
        <textarea
          id={id}
          className="field area"
          rows={14}
          value={pasted}
          data-autofocus
          onChange={(event) => {
            setPasted(event.currentTarget.value);
          }}
        />
        <p className="small-text ink-3">{text.pasteHint}</p>
        <div className="dialog-actions">
          <button type="button" className="btn large" onClick={onClose}>
            {text.cancel}
          </button>
          <Button type="submit" className="btn primary large" why={pasted.trim() === "" && text.nothingPasted}>
            {text.pasteTake(found)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
