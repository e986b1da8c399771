/** Writes a policy for other tools: its adapter, or its weights merged, to a folder on the lab's machine. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { ExportLayout, Precision } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { policiesText } from "../text/policies.ts";

const text = policiesText.take;
const PRECISIONS: readonly Precision[] = ["f32", "f16", "bf16"];

export function TakeElsewhere({ policy }: { readonly policy: PolicyView }): ReactNode {
  const [layout, setLayout] = useState<ExportLayout | null>(null);
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <div className="row wrap">
        {(["peft", "hf"] as const).map((one) => (
          <button
            key={one}
            type="button"
            className={layout === one ? "btn on" : "btn"}
            aria-expanded={layout === one}
            onClick={() => {
              setLayout(layout === one ? null : one);
            }}
          >
            {text[one]}
          </button>
        ))}
      </div>
      {layout !== null && <ExportForm key={layout} policy={policy} layout={layout} />}
    </section>
  );
}

function ExportForm({ policy, layout }: { readonly policy: PolicyView; readonly layout: ExportLayout }): ReactNode {
  const { queries } = useLab();
  const [path, setPath] = useState("");
  const [precision, setPrecision] = useState<Precision>("f32");
  const write = useMutation(queries.policies.export.mutationOptions());
  const [pathId, precisionId] = [useId(), useId()];
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === "" || write.isPending) return;
        write.mutate({ policy: policy.name, path: path.trim(), as: layout, ...(layout === "hf" ? { precision } : {}) });
      }}
    >
      <p className="small-text ink-3">{layout === "peft" ? text.peftHelp : text.hfHelp}</p>
      <label htmlFor={pathId}>{text.to}</label>
      <input
        id={pathId}
        className="field mono"
        value={path}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setPath(event.currentTarget.value);
        }}
      />
      <div className="row">
        {layout === "hf" && (
          <>
            <label htmlFor={precisionId}>{text.precision}</label>
            <select
              id={precisionId}
              className="select"
              value={precision}
              onChange={(event) => {
                setPrecision(PRECISIONS.find((one) => one === event.currentTarget.value) ?? "f32");
              }}
            >
              {PRECISIONS.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </>
        )}
        <span className="grow" />
        <button type="submit" className="btn primary" disabled={path.trim() === "" || write.isPending}>
          {write.isPending ? text.writing : text.confirm}
        </button>
      </div>
      {write.isError && <Note kind="error">{sentenceOf(write.error)}</Note>}
      {write.data !== undefined && <Note kind="plain">{text.written(write.data.files.length, write.data.path)}</Note>}
    </form>
  );
}
