/** Asks an endpoint one comparison of two fixed texts, and says what came of it. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { Button } from "../design/button.tsx";
import { duration, money } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.judges.test;

export function EndpointTest({ endpoint, onClose }: { readonly endpoint: EndpointView; readonly onClose: () => void }): ReactNode {
  const { queries } = useLab();
  const [model, setModel] = useState(endpoint.prices[0]?.model ?? "");
  const id = useId();
  const test = useMutation(queries.settings.testEndpoint.mutationOptions());
  return (
    <form
      aria-label={text.title(endpoint.name)}
      className="endpoint-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (model.trim() !== "" && !test.isPending) test.mutate({ name: endpoint.name, model: model.trim() });
      }}
    >
      <p className="ink-3 small-text">{text.sub(endpoint.host)}</p>
      <div className="row">
        <label htmlFor={id} className="no-wrap">
          {text.model}
        </label>
        <input
          id={id}
          className="field grow"
          value={model}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setModel(event.currentTarget.value);
          }}
        />
        <Button type="submit" className="btn primary" busy={test.isPending} doing={text.asking} why={model.trim() === "" && text.noModel}>
          {text.ask}
        </Button>
        <button type="button" className="btn" onClick={onClose}>
          {text.close}
        </button>
      </div>
      {test.isError && <Note kind="error">{sentenceOf(test.error)}</Note>}
      {test.data !== undefined && (
        <Note kind={test.data.ok ? "plain" : "error"}>
          {sentenceOf(new Error(test.data.found))}{" "}
          {test.data.ok
            ? text.facts(
                duration(test.data.durationMs),
                test.data.costUsd === null ? null : money(test.data.costUsd),
                test.data.snapshot,
                test.data.hasProbabilities,
              )
            : text.whatToDo}
        </Note>
      )}
    </form>
  );
}
