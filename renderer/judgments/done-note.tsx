/** What was done with a judgment, and the way to take it back while it is said. */
import { type ReactNode, useState } from "react";
import { useUndo } from "../commands/use-undo.ts";
import { Button } from "../design/button.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { designText } from "../text/design.ts";
import type { Done } from "./correction.tsx";

export function DoneNote({ done, onDone }: { readonly done: Done; readonly onDone: (done: Done) => void }): ReactNode {
  const [isBusy, setBusy] = useState(false);
  const { sentence, takeBack } = done;
  const undo = async (way: () => Promise<string>): Promise<void> => {
    setBusy(true);
    try {
      onDone({ sentence: await way() });
    } catch (thrown) {
      onDone({ sentence: sentenceOf(thrown) });
    }
  };
  useUndo(takeBack === undefined || isBusy ? undefined : () => void undo(takeBack));
  return (
    <p className="row small-text said" role="status">
      {sentence}
      {takeBack !== undefined && (
        <Button className="btn" busy={isBusy} doing={designText.undoing} onClick={() => void undo(takeBack)}>
          {designText.undo}
        </Button>
      )}
    </p>
  );
}
