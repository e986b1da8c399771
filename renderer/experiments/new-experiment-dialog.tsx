/** Makes an experiment: its name, its folder, who judges. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { OracleConfig } from "#app/domain/oracle.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHost } from "../lab-client/host-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { OracleForm } from "../set-up/oracle-form.tsx";
import { defaultOracle, finished } from "../set-up/oracle-kinds.ts";

import { setUpText } from "../text/set-up.ts";
import { experimentText } from "../text/experiments.ts";

const text = experimentText.dialog;
const MAX_NAME_LENGTH = 200;

export type NewExperimentDialogProps = {
  /** Which kind of oracle stands first. */
  readonly oracle: OracleConfig["kind"];
  readonly onClose: () => void;
};

export function NewExperimentDialog({ oracle: firstKind, onClose }: NewExperimentDialogProps): ReactNode {
  const { queries, showExperiment } = useHost();
  const dataFolder = useQuery(queries.about.queryOptions({ input: {} })).data?.dataFolder ?? "";
  const [name, setName] = useState("");
  const [folder, setFolder] = useState<string | null>(null);
  const [oracle, setOracle] = useState(() => defaultOracle(firstKind));
  const nameId = useId();
  const chooseFolder = useChooseFile("folder", setFolder);
  const create = useMutation(
    queries.experiments.create.mutationOptions({
      onSuccess: ({ key }) => {
        showExperiment(key, "/set-up");
      },
    }),
  );
  const trimmed = name.trim();
  const config = experimentConfigSchema.safeParse({ oracle: finished(oracle) });
  return (
    <Dialog title={text.title} isOpen onClose={onClose} width="38rem">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed === "" || create.isPending || !config.success) return;
          create.mutate({ name: trimmed, config: config.data, ...(folder === null ? {} : { folder }) });
        }}
      >
        <label htmlFor={nameId}>{text.name}</label>
        <input
          id={nameId}
          className="field"
          value={name}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="off"
          placeholder={text.nameHint}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <span className="label">{text.folder}</span>
        <div className="row">
          <span className="mono cut grow" title={folder ?? dataFolder}>
            {folder ?? text.folderHint(dataFolder)}
          </span>
          <button type="button" className="btn" onClick={chooseFolder.ask}>
            {text.chooseFolder}
          </button>
        </div>
        <span className="label">{text.oracle}</span>
        <OracleForm oracle={oracle} onChange={setOracle} />
        {!config.success && <Note kind="notice">{setUpText.oracle.unfinished}</Note>}
        {create.isError && <Note kind="error">{sentenceOf(create.error)}</Note>}
        <div className="dialog-actions">
          <span className="ink-3 small-text grow">{text.next}</span>
          <button type="button" className="btn large" onClick={onClose}>
            {text.cancel}
          </button>
          <Button
            type="submit"
            className="btn primary large"
            busy={create.isPending}
            doing={text.creating}
            why={trimmed === "" ? text.noName : !config.success && setUpText.oracle.lacks}
          >
            {text.create}
          </Button>
        </div>
      </form>
      {chooseFolder.dialog}
    </Dialog>
  );
}
