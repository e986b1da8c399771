/** Asks once under which name the verdicts are kept. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { counted } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";

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
        <h1>Who is judging?</h1>
        <p className="ink-2">Verdicts are kept under this name, so that people’s judgments can be told apart. It stays on this machine.</p>
        <label htmlFor={fieldId} className="medium">
          Your name
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
          <button type="submit" className="btn primary large" disabled={trimmed === ""}>
            Begin
          </button>
        </div>
        {authors.length > 0 && (
          <>
            <p className="small-text ink-3">Or go on as</p>
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
                    {author.name} <span className="ink-3 plain">{counted(author.judgments, "judgments")}</span>
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
