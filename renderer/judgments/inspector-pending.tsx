/** What stands where the inspector will be, until what is opened has been read, or why it cannot be. */
import type { ReactNode } from "react";
import { Loading } from "../design/empty-state.tsx";
import { Note } from "../design/note.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { judgmentsText as text } from "../text/judgments.ts";

export function InspectorPending({ error }: { readonly error: Error | null }): ReactNode {
  return (
    <aside className="inspector">
      <div className="inspector-read">
        {error === null ? <Loading>{text.inspector.reading}</Loading> : <Note kind="error">{sentenceOf(error)}</Note>}
      </div>
    </aside>
  );
}
