/** Asks before a stage is run anew: says which stages follow it and what becomes of what they made. */
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import type { Stage } from "#app/domain/round.ts";
import { Dialog } from "../design/dialog.tsx";
import { stagesRedone } from "./round-actions.ts";
import { STAGE_NAMES } from "./stage-text.ts";

export type RedoDialogProps = {
  readonly round: RoundView;
  /** Null: closed. */
  readonly stage: Stage | null;
  readonly onClose: () => void;
  readonly onConfirm: (stage: Stage) => void;
};

export function RedoDialog({ round, stage, onClose, onConfirm }: RedoDialogProps): ReactNode {
  return (
    <Dialog title={stage === null ? "Redo" : `Redo from ${STAGE_NAMES[stage].toLowerCase()}`} isOpen={stage !== null} onClose={onClose} width="28rem">
      {stage !== null && (
        <>
          <p className="dialog-text">{consequences(round, stage)}</p>
          <div className="dialog-actions">
            <button type="button" className="btn" onClick={onClose} data-autofocus>
              Keep it as it is
            </button>
            <button
              type="button"
              className="btn primary"
              onClick={() => {
                onConfirm(stage);
              }}
            >
              Redo {namesOf(stagesRedone(round, stage))}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function consequences(round: RoundView, stage: Stage): string {
  const redone = stagesRedone(round, stage);
  const runs = redone.length === 1 ? "runs" : "run";
  const policy = redone.includes("train") && round.newPolicy !== null ? ` ${round.newPolicy} is replaced.` : "";
  return `In round ${round.number}, ${namesOf(redone)} ${runs} anew, with the settings as they are now.${policy} What the earlier runs made is kept as superseded, never deleted.`;
}

function namesOf(stages: readonly Stage[]): string {
  const names = stages.map((stage) => STAGE_NAMES[stage].toLowerCase());
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
