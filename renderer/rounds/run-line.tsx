/** The newest round in two lines at the foot of the side bar. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { remaining } from "../design/format.ts";
import { roundsText } from "../text/rounds.ts";
import { currentStage, roundText } from "./stage-text.ts";

export function RunLine({ rounds }: { readonly rounds: readonly RoundView[] }): ReactNode {
  const round = rounds.at(-1);
  if (round === undefined) return null;
  const stage = currentStage(round);
  // While a judge gives no answer nobody knows.
  const remainingMs = round.isRunning && stage?.judgeSilence === null ? stage.remainingMs : null;
  return (
    <Link className="run-line" to="/rounds" activeProps={{ "aria-current": false }} title={roundsText.now(round.number, roundText(round))}>
      <span className="stages-small" aria-hidden="true">
        {round.stages.map((stage) => (
          <i key={stage.stage}>
            <u style={{ width: `${100 * shareDone(stage)}%` }} />
          </i>
        ))}
      </span>
      <span className="label medium">{roundsText.now(round.number, roundText(round))}</span>
      {remainingMs !== null && <span className="label ink-3">{remaining(remainingMs)}</span>}
    </Link>
  );
}

function shareDone(stage: StageView): number {
  if (stage.state === "done") return 1;
  return stage.unitsTotal === null || stage.unitsTotal === 0 ? 0 : Math.min(1, stage.unitsDone / stage.unitsTotal);
}
