/** One stage of the open round: how it stands, what it counted, how fast. */
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import type { ForecastView } from "#app/contract/forecast.ts";
import type { StageView } from "#app/contract/views.ts";
import { ExpectedBar, ProgressBar } from "../design/progress-bar.tsx";
import { roundsText } from "../text/rounds.ts";
import { quantityText } from "./quantity-text.ts";
import { detailsOf, figureOf, moodOf, STAGE_NAMES, stateText } from "./stage-text.ts";

const NO_BREAK_SPACE = "\u00a0";

export type StageCardProps = {
  readonly stage: StageView;
  readonly round: number;
  readonly isRunning: boolean;
  /** What is expected of it, for a stage that is still ahead. */
  readonly forecast?: ForecastView["stages"][number] | undefined;
  /** It is being read: its line is kept free. */
  readonly isForecastToCome?: boolean;
};

export function StageCard({ stage, round, isRunning, forecast, isForecastToCome = false }: StageCardProps): ReactNode {
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
        <MadeLink stage={stage} round={round}>
          {figure !== null && `${figure} `}
          <small>{unit}</small>
        </MadeLink>
      </p>
      <StageBar stage={stage} name={name} isResting={mood === "resting" || mood === "failed"} />
      {expected !== undefined && (
        <p className="stage-detail ink-3">{expected.remainingMs === null ? roundsText.timeUnknown : quantityText(expected.remainingMs, "ms")}</p>
      )}
      {isForecastToCome && stage.attemptId === null && <p className="stage-detail">{NO_BREAK_SPACE}</p>}
      {detailsOf(stage, isRunning).map((line) => (
        <p className="stage-detail" key={line}>
          {line}
        </p>
      ))}
    </li>
  );
}

type MadeLinkProps = { readonly stage: StageView; readonly round: number; readonly children: ReactNode };

/** What a stage has made is where it can be read. */
function MadeLink({ stage, round, children }: MadeLinkProps): ReactNode {
  if (stage.unitsDone === 0 || stage.attemptId === null) return children;
  const name = stage.stage;
  const words = <span className="unseen">{roundsText.made[name](round)}</span>;
  if (name === "train") {
    return (
      <Link className="answers-link" to="/training" search={{ round }}>
        {children}
        {words}
      </Link>
    );
  }
  if (name === "evaluate") {
    return (
      <Link className="answers-link" to="/results">
        {children}
        {words}
      </Link>
    );
  }
  return (
    <Link className="answers-link" to="/judgments" search={{ round }}>
      {children}
      {words}
    </Link>
  );
}

function StageBar({ stage, name, isResting }: { readonly stage: StageView; readonly name: string; readonly isResting: boolean }): ReactNode {
  if (stage.attemptId === null) return <ExpectedBar />;
  if (stage.state === "done") return <ProgressBar label={roundsText.stageDone(name)} done={1} total={1} />;
  if (stage.unitsTotal === null) return <ExpectedBar />;
  return <ProgressBar label={name} done={stage.unitsDone} total={stage.unitsTotal} isResting={isResting} />;
}
