/** Asks before a round is stopped in the middle of its work, and says what a pause would do instead. */
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import { Dialog } from "../design/dialog.tsx";
import { roundsText } from "../text/rounds.ts";
import { currentStage } from "./stage-text.ts";

const text = roundsText.stop;

export type StopDialogProps = {
  readonly round: RoundView;
  /** The last durable step, where it trains. */
  readonly checkpointStep: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

export function StopDialog({ round, checkpointStep, isOpen, onClose, onConfirm }: StopDialogProps): ReactNode {
  const isTraining = currentStage(round)?.stage === "train";
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose} width="28rem">
      <p className="dialog-text">{text.text}</p>
      <p className="dialog-text">{isTraining ? text.training(checkpointStep) : text.other}</p>
      <div className="dialog-actions">
        <button type="button" className="btn" onClick={onClose} data-autofocus>
          {text.keep}
        </button>
        <button type="button" className="btn danger" onClick={onConfirm}>
          {text.confirm}
        </button>
      </div>
    </Dialog>
  );
}
