/** Writes a policy for other tools: its adapter, or its weights merged, to a folder on the lab's machine. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { type ExportLayout, exportLayoutSchema, type Precision } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { PathField } from "../design/path-field.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { policiesText } from "../text/policies.ts";

const text = policiesText.take;
/** How each layout can store weights, the usual way first; an adapter stays as it is. */
const PRECISIONS: Readonly<Record<ExportLayout, readonly Precision[]>> = {
  peft: [],
  hf: ["f32", "bf16", "f16"],
  gguf: ["f16", "q8_0", "bf16", "f32"],
};

export function TakeElsewhere({ policy }: { readonly policy: PolicyView }): ReactNode {
  const [layout, setLayout] = useState<ExportLayout | null>(null);
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <div className="row wrap">
        {exportLayoutSchema.options.map((one) => (
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
  const precisions = PRECISIONS[layout];
  const [precision, setPrecision] = useState<Precision | undefined>(precisions[0]);
  const write = useMutation(queries.policies.export.mutationOptions());
  const [pathId, precisionId] = [useId(), useId()];
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === "" || write.isPending) return;
        write.mutate({ policy: policy.name, path: path.trim(), as: layout, ...(precision === undefined ? {} : { precision }) });
      }}
    >
      <p className="small-text ink-3">{text.help[layout]}</p>
      <label htmlFor={pathId}>{layout === "gguf" ? text.toFile : text.to}</label>
      <PathField id={pathId} value={path} onType={setPath} />
      <div className="row">
        {precisions.length > 0 && (
          <>
            <label htmlFor={precisionId}>{text.precision}</label>
            <select
              id={precisionId}
              className="select"
              value={precision}
              onChange={(event) => {
                setPrecision(precisions.find((one) => one === event.currentTarget.value));
              }}
            >
              {precisions.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </>
        )}
        <span className="grow" />
        <Button type="submit" className="btn primary" busy={write.isPending} doing={text.writing} why={path.trim() === "" && designText.noPlace}>
          {text.confirm}
        </Button>
      </div>
      {write.isError && <Note kind="error">{sentenceOf(write.error)}</Note>}
      {write.data !== undefined && <Note kind="plain">{text.written(write.data.files.length, write.data.path)}</Note>}
    </form>
  );
}
