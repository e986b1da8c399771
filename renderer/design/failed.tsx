/** What could not be read: the lab's own sentence for it, and the way to ask again. */
import type { ReactNode } from "react";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
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
        <button type="button" className="btn" disabled={isAsking} onClick={onAgain}>
          {isAsking ? designText.asking : designText.again}
        </button>
      </div>
    </Note>
  );
}
