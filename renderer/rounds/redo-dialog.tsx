/** Asks before a stage is run anew: says which stages follow it and what becomes of what they made. */
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import type { Stage } from "#app/domain/round.ts";
import { unitForms } from "#app/text/counts.ts";
import { list } from "#app/text/language.ts";
import { Dialog } from "../design/dialog.tsx";
import { counted, money } from "../design/format.ts";
import { roundsText } from "../text/rounds.ts";
import { stagesRedone } from "./round-actions.ts";
import { STAGE_NAMES } from "./stage-text.ts";

const text = roundsText.redo;

export type RedoDialogProps = {
  readonly round: RoundView;
  /** Null: closed. */
  readonly stage: Stage | null;
  readonly onClose: () => void;
  readonly onConfirm: (stage: Stage) => void;
};

export function RedoDialog({ round, stage, onClose, onConfirm }: RedoDialogProps): ReactNode {
  return (
    <Dialog title={stage === null ? text.none : text.title(STAGE_NAMES[stage].toLowerCase())} isOpen={stage !== null} onClose={onClose} width="28rem">
      {stage !== null && (
        <>
          <p className="dialog-text">{consequences(round, stage)}</p>
          <div className="dialog-actions">
            <button type="button" className="btn" onClick={onClose} data-autofocus>
              {text.keep}
            </button>
            <button
              type="button"
              className="btn primary"
              onClick={() => {
                onConfirm(stage);
              }}
            >
              {text.confirm(namesOf(stagesRedone(round, stage)))}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function consequences(round: RoundView, stage: Stage): string {
  const redone = stagesRedone(round, stage);
  const stages = round.stages.filter((one) => redone.includes(one.stage));
  const work = stages.filter((one) => one.unitsDone > 0).map((one) => counted(one.unitsDone, unitForms[one.unit] ?? { other: one.unit }));
  const cost = stages.reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
  return [
    text.runAnew(round.number, namesOf(redone), redone.length === 1),
    ...(redone.includes("train") && round.newPolicy !== null ? [text.replaced(round.newPolicy)] : []),
    ...(work.length === 0 ? [] : [text.again(work.join(", "))]),
    ...(cost > 0 ? [text.paid(money(cost))] : []),
    text.kept,
  ].join(" ");
}

function namesOf(stages: readonly Stage[]): string {
  return list(stages.map((stage) => STAGE_NAMES[stage].toLowerCase()));
}
