/** One stage of the open round: how it stands, what it counted, how fast. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import type { ForecastView } from "#app/contract/forecast.ts";
import type { StageView } from "#app/contract/views.ts";
import { ExpectedBar, ProgressBar } from "../design/progress-bar.tsx";
import { roundsText } from "../text/rounds.ts";
import { quantityText } from "./quantity-text.ts";
import { detailsOf, figureOf, moodOf, STAGE_NAMES, stateText } from "./stage-text.ts";

export type StageCardProps = {
  readonly stage: StageView;
  readonly isRunning: boolean;
  /** What is expected of it, for a stage that is still ahead. */
  readonly forecast?: ForecastView["stages"][number] | undefined;
};

export function StageCard({ stage, isRunning, forecast }: StageCardProps): ReactNode {
  const mood = moodOf(stage, isRunning);
  const { figure: counted, unit } = figureOf(stage);
  const expected = stage.attemptId === null && forecast !== undefined ? forecast : undefined;
  const figure = counted ?? (expected?.units == null ? null : quantityText(expected.units, "count"));
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
      {expected !== undefined && (
        <p className="stage-detail ink-3">{expected.remainingMs === null ? roundsText.timeUnknown : quantityText(expected.remainingMs, "ms")}</p>
      )}
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
  if (stage.state === "done") return <ProgressBar label={roundsText.stageDone(name)} done={1} total={1} />;
  if (stage.unitsTotal === null) return <ExpectedBar />;
  return <ProgressBar label={name} done={stage.unitsDone} total={stage.unitsTotal} isResting={isResting} />;
}
