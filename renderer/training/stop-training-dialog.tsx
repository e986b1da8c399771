/** Asks before training is ended early: which checkpoint would become the policy, by which measure, and what is not done. */
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import { Dialog } from "../design/dialog.tsx";
import { fixed } from "../design/format.ts";
import { trainingText } from "../text/training.ts";

const text = trainingText.stop;

export type StopTrainingDialogProps = {
  readonly run: TrainingRunView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

export function StopTrainingDialog({ run, isOpen, onClose, onConfirm }: StopTrainingDialogProps): ReactNode {
  const best = run.checkpoints.find((checkpoint) => checkpoint.isBest);
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose} width="30rem">
      <p className="dialog-text">{best?.loss == null ? text.none : text.best(best.step, fixed(3)(best.loss))}</p>
      <p className="dialog-text">{text.text}</p>
      <p className="small-text ink-3">{text.measure(run.measure)}</p>
      <div className="dialog-actions">
        <button type="button" className="btn" onClick={onClose} data-autofocus>
          {text.keep}
        </button>
        <button type="button" className="btn primary" onClick={onConfirm}>
          {text.confirm}
        </button>
      </div>
    </Dialog>
  );
}
