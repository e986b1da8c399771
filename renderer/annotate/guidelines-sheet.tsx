/** What counts as better in this experiment, a key away. */
import type { ReactNode } from "react";
import { Dialog } from "../design/dialog.tsx";
import { KeyCap } from "../design/key-cap.tsx";
import { annotateText } from "../text/annotate.ts";

export type GuidelinesSheetProps = { readonly isOpen: boolean; readonly onClose: () => void; readonly text: string };

export function GuidelinesSheet({ isOpen, onClose, text }: GuidelinesSheetProps): ReactNode {
  return (
    <Dialog
      title={annotateText.guidelines.title}
      isOpen={isOpen}
      onClose={onClose}
      width="44rem"
      aside={
        <button type="button" className="btn quiet" onClick={onClose} data-autofocus>
          {annotateText.guidelines.close} <KeyCap keys={["Esc"]} />
        </button>
      }
    >
      <p className="guidelines">{text}</p>
    </Dialog>
  );
}
