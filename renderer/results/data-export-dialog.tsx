/** Writes pairs, judgments or a whole dataset to a place of the lab's machine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { PathField } from "../design/path-field.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { dataExportText as text } from "../text/data-export.ts";
import { designText } from "../text/design.ts";

const KINDS = ["dataset", "trl", "ultraFeedback", "judgments"] as const;
type Kind = (typeof KINDS)[number];

const ENDINGS: Readonly<Record<Kind, string>> = {
  dataset: "-dataset",
  trl: "-pairs.jsonl",
  ultraFeedback: "-binarised.parquet",
  judgments: "-judgments.csv",
};

export type DataExportDialogProps = { readonly fileName: string; readonly onClose: () => void };

export function DataExportDialog({ fileName, onClose }: DataExportDialogProps): ReactNode {
  const { connection, queries } = useLab();
  const folder = useQuery(queries.experiments.get.queryOptions()).data?.folder ?? "";
  const [kind, setKind] = useState<Kind>("dataset");
  const [typed, setTyped] = useState<string | null>(null);
  const ids = { kind: useId(), path: useId() };
  const path = typed ?? `${folder}/${fileName}${ENDINGS[kind]}`;
  const writing = useMutation({
    mutationFn: async () => {
      const { results } = connection.client;
      switch (kind) {
        case "dataset":
          return await results.exportDataset({ path });
        case "judgments":
          return await results.exportJudgments({ path });
        case "trl":
        case "ultraFeedback":
          return await results.exportPairs({ path, shape: kind });
        default:
          return kind satisfies never;
      }
    },
  });
  return (
    <Dialog title={text.title} isOpen onClose={onClose} width="40rem">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          writing.mutate();
        }}
      >
        <label htmlFor={ids.kind}>{text.what}</label>
        <select
          id={ids.kind}
          className="select"
          value={kind}
          data-autofocus
          onChange={(event) => {
            const next = KINDS.find((one) => one === event.currentTarget.value);
            if (next !== undefined) setKind(next);
            setTyped(null);
            writing.reset();
          }}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {text.kinds[one]}
            </option>
          ))}
        </select>
        <label htmlFor={ids.path}>{text.path}</label>
        <PathField id={ids.path} value={path} onType={setTyped} />
        <p className="small-text ink-3">{text.hint}</p>
        {writing.isError && <Note kind="error">{sentenceOf(writing.error)}</Note>}
        {writing.isSuccess && <Note kind="plain">{text.written(writing.data.rows, writing.data.path)}</Note>}
        <div className="dialog-actions">
          <button type="button" className="btn large" onClick={onClose}>
            {text.cancel}
          </button>
          <Button
            type="submit"
            className="btn primary large"
            busy={writing.isPending}
            doing={text.writing}
            why={path.trim() === "" && designText.noPlace}
          >
            {text.write}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
