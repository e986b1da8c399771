/** What could not be read: the lab's own sentence for it, and the way to ask again. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";

export type FailedProps = {
  readonly error: unknown;
  /** Asks the lab once more. */
  readonly onAgain: () => void;
  /** It has been asked and has not answered yet. */
  readonly isAsking?: boolean;
};

export function Failed({ error, onAgain, isAsking = false }: FailedProps): ReactNode {
  return (
    <Note kind="error">
      <div className="note-parts">
        <span className="grow">{sentenceOf(error)}</span>
        <Button className="btn" busy={isAsking} doing={designText.asking} onClick={onAgain}>
          {designText.again}
        </Button>
      </div>
    </Note>
  );
}

/** How something that is read stands. */
export type Reading = Pick<UseQueryResult, "error" | "isFetching" | "refetch">;

/** The first of several readings that failed, to be asked again; nothing where none has. */
export function Unread({ of }: { readonly of: readonly Reading[] }): ReactNode {
  const reading = of.find(({ error }) => error !== null);
  if (reading === undefined) return null;
  const { error, isFetching, refetch } = reading;
  return <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />;
}
