/** One stage of the open round: how it stands, what it counted, how fast. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import type { StageView } from "#app/contract/views.ts";
import { ExpectedBar, ProgressBar } from "../design/progress-bar.tsx";
import { detailsOf, figureOf, moodOf, STAGE_NAMES, stateText } from "./stage-text.ts";

export type StageCardProps = {
  readonly stage: StageView;
  readonly isRunning: boolean;
};

export function StageCard({ stage, isRunning }: StageCardProps): ReactNode {
  const mood = moodOf(stage, isRunning);
  const { figure, unit } = figureOf(stage);
  const name = STAGE_NAMES[stage.stage];
  const isNow = mood === "live" || mood === "people" || mood === "resting" || mood === "failed";
  return (
    <li className={isNow ? `stage ${mood} now` : `stage ${mood}`} aria-current={isNow ? "step" : undefined}>
      <h3>
        {mood === "live" && <span className="dot live" aria-hidden="true" />}
        {mood === "people" && <span className="dot hollow" aria-hidden="true" />}
        {name}
        <span className="stage-state">
          {mood === "done" && <Check className="icon small" aria-hidden="true" />}
          {stateText(stage, isRunning)}
        </span>
      </h3>
      <p className="stage-figure">
        {figure !== null && `${figure} `}
        <small>{unit}</small>
      </p>
      <StageBar stage={stage} name={name} isResting={mood === "resting" || mood === "failed"} />
      {detailsOf(stage, isRunning).map((line) => (
        <p className="stage-detail" key={line}>
          {line}
        </p>
      ))}
    </li>
  );
}

function StageBar({ stage, name, isResting }: { readonly stage: StageView; readonly name: string; readonly isResting: boolean }): ReactNode {
  if (stage.attemptId === null) return <ExpectedBar />;
  if (stage.state === "done") return <ProgressBar label={`${name}, done`} done={1} total={1} />;
  if (stage.unitsTotal === null) return <ExpectedBar />;
  return <ProgressBar label={name} done={stage.unitsDone} total={stage.unitsTotal} isResting={isResting} />;
}
