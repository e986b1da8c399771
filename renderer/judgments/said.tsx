/** What was done with a judgment, and the way to take it back while it is said. */
import { type ReactNode, useState } from "react";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { judgmentsText } from "../text/judgments.ts";
import type { Done } from "./correction.tsx";

export function Said({ done, onDone }: { readonly done: Done; readonly onDone: (done: Done) => void }): ReactNode {
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
  return (
    <p className="row small-text said" role="status">
      {sentence}
      {takeBack !== undefined && (
        <button type="button" className="btn" disabled={isBusy} onClick={() => void undo(takeBack)}>
          {judgmentsText.inspector.takeBack}
        </button>
      )}
    </p>
  );
}
