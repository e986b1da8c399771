/** Says what was done, and offers to take it back for as long as it is said. */
import type { ReactNode } from "react";
import { useUndo } from "../commands/use-undo.ts";
import { designText } from "../text/design.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";

export type UndoNoteProps = {
  readonly children: string;
  readonly isBusy?: boolean;
  readonly onUndo: () => void;
  readonly onPutAway: () => void;
};

export function UndoNote({ children, isBusy = false, onUndo, onPutAway }: UndoNoteProps): ReactNode {
  useUndo(isBusy ? undefined : onUndo);
  return (
    <Note kind="plain" onPutAway={onPutAway}>
      <div className="note-parts">
        <span className="grow">{children}</span>
        <Button className="btn" busy={isBusy} doing={designText.undoing} onClick={onUndo}>
          {designText.undo}
        </Button>
      </div>
    </Note>
  );
}
