/** Asks once under which name the verdicts are kept. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { nouns } from "#app/text/nouns.ts";
import { Button } from "../design/button.tsx";
import { counted } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { annotateText } from "../text/annotate.ts";

const text = annotateText.gate;

const MAX_NAME_LENGTH = 200;

export function NameGate({ onName }: { readonly onName: (name: string) => void }): ReactNode {
  const { queries } = useLab();
  const authors = useQuery(queries.queue.authors.queryOptions()).data ?? [];
  const [name, setName] = useState("");
  const fieldId = useId();
  const trimmed = name.trim();
  return (
    <main className="main name-gate">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed !== "") onName(trimmed);
        }}
      >
        <h1>{text.title}</h1>
        <p className="ink-2">{text.sentence}</p>
        <label htmlFor={fieldId} className="medium">
          {text.name}
        </label>
        <div className="row">
          <input
            id={fieldId}
            className="field"
            value={name}
            maxLength={MAX_NAME_LENGTH}
            autoComplete="off"
            autoFocus
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Button type="submit" className="btn primary large" why={trimmed === "" && text.noName}>
            {text.begin}
          </Button>
        </div>
        {authors.length > 0 && (
          <>
            <p className="small-text ink-3">{text.goOnAs}</p>
            <ul className="authors">
              {authors.map((author) => (
                <li key={author.name}>
                  <button
                    type="button"
                    className="btn"
                    onClick={() => {
                      onName(author.name);
                    }}
                  >
                    {author.name} <span className="ink-3 plain">{counted(author.judgments, nouns.judgments)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </form>
    </main>
  );
}
