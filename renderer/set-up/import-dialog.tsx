/** A data file before it is imported: what it was taken for, three rows as they would be stored, what is wrong with it, and choices. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ImportLook } from "#app/contract/imports.ts";
import type { Split } from "#app/domain/prompt.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { importText as text } from "../text/import.ts";
import { ImportColumns, type ColumnChoice } from "./import-columns.tsx";
import { ImportSamples } from "./import-samples.tsx";
import { ImportTrouble } from "./import-trouble.tsx";
import type { ImportOrder, Prompts } from "./use-import.ts";
import "./import.css";

export type ImportDialogProps = {
  readonly prompts: Prompts;
  readonly onClose: () => void;
  readonly onImport: (order: ImportOrder) => void;
};

type Choice = { readonly split: Split | "asItIs"; readonly columns: ColumnChoice; readonly leavesOut: boolean };

export function ImportDialog({ prompts, onClose, onImport }: ImportDialogProps): ReactNode {
  const { connection } = useLab();
  const id = useId();
  const [choice, setChoice] = useState<Choice>({ split: "asItIs", columns: {}, leavesOut: false });
  const order: ImportOrder = {
    ...prompts,
    columns: choice.columns,
    nearCopies: choice.leavesOut ? "leaveOut" : "keep",
    ...(choice.split === "asItIs" ? {} : { split: choice.split }),
  };
  const looking = useQuery({
    // What was dropped is too long for a key; a dialog looks at one file.
    queryKey: ["look-at-import", id, choice],
    queryFn: async () => await connection.client.experiments.lookAtImport(order),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const look = looking.data;
  return (
    <Dialog title={text.title(nameOf(prompts.path))} isOpen onClose={onClose} width="52rem">
      <div className="import-look" aria-busy={looking.isFetching}>
        {look === undefined && !looking.isError && (
          <p className="ink-2" role="status">
            {text.reading}
          </p>
        )}
        {looking.isError && <Note kind="error">{sentenceOf(looking.error)}</Note>}
        {look !== undefined && (
          <>
            <Recognised look={look} />
            <ImportColumns
              look={look}
              chosen={choice.columns}
              onChoose={(columns) => {
                setChoice({ ...choice, columns });
              }}
            />
            <ImportSamples samples={look.samples} />
            <ImportTrouble look={look} />
            <Choices look={look} choice={choice} onChoose={setChoice} />
          </>
        )}
      </div>
      <div className="dialog-actions">
        <button type="button" className="btn large" onClick={onClose}>
          {text.cancel}
        </button>
        <Button
          className="btn primary large"
          why={looking.isError ? text.unreadable : look === undefined || looking.isFetching ? text.whileReading : !canImport(look) && text.nothingNew}
          data-autofocus
          onClick={() => {
            if (look !== undefined) onImport({ ...order, contentHash: look.contentHash, skipRejected: look.rejectedCount > 0 });
          }}
        >
          {look === undefined ? text.importNothing : text.take(look)}
        </Button>
      </div>
    </Dialog>
  );
}

/** Prompts that are stored already may still get a teacher's response or a preference. */
function canImport({ fresh, teacherResponses, pairs }: ImportLook): boolean {
  return fresh > 0 || teacherResponses > 0 || pairs > 0;
}

function nameOf(path: string): string {
  return path.split(/[/\\]/u).at(-1) ?? path;
}

function Recognised({ look }: { readonly look: ImportLook }): ReactNode {
  return (
    <section>
      <p>
        <b>{text.rows(look.rows, look.format)}</b> <span className="ink-2">{text.brings(look)}</span>
      </p>
      {text.fromRound(look) !== "" && <p className="small-text ink-2">{text.fromRound(look)}</p>}
      {look.shapes.map(({ shape, title, why, rows }) => (
        <p key={shape} className="small-text ink-2">
          {text.takenFor(rows, title, why)}
        </p>
      ))}
      {look.shapes.length === 0 && <Note kind="notice">{text.unknown(look.proposedPrompt)}</Note>}
    </section>
  );
}

const SPLITS = ["asItIs", "training", "validation", "test"] as const;

type ChoicesProps = { readonly look: ImportLook; readonly choice: Choice; readonly onChoose: (choice: Choice) => void };

function Choices({ look, choice, onChoose }: ChoicesProps): ReactNode {
  const id = useId();
  return (
    <div className="row wrap">
      <label htmlFor={id}>{text.splitLabel}</label>
      <select
        id={id}
        className="select"
        value={choice.split}
        onChange={(event) => {
          const split = SPLITS.find((one) => one === event.currentTarget.value);
          if (split !== undefined) onChoose({ ...choice, split });
        }}
      >
        {SPLITS.map((split) => (
          <option key={split} value={split}>
            {text.splits[split]}
          </option>
        ))}
      </select>
      {(look.leaks.near > 0 || choice.leavesOut) && (
        <label className="choice">
          <input
            type="checkbox"
            checked={choice.leavesOut}
            onChange={(event) => {
              onChoose({ ...choice, leavesOut: event.currentTarget.checked });
            }}
          />
          {text.leaveOut}
        </label>
      )}
    </div>
  );
}
