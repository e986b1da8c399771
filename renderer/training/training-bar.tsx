/** The top bar of a training run: which one it is, pause, and an early end. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import type { RoundView } from "#app/contract/views.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { count } from "../design/format.ts";
import { PauseIcon } from "../design/icons.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import type { RoundCommands } from "../rounds/use-round-commands.ts";
import { trainingText as text } from "../text/training.ts";
import { StopTrainingDialog } from "./stop-training-dialog.tsx";

export type TrainingBarProps = {
  readonly round: RoundView;
  readonly isNewest: boolean;
  readonly trained: readonly RoundView[];
  /** Undefined while it is read. */
  readonly run: TrainingRunView | undefined;
  readonly commands: RoundCommands;
};

export function TrainingBar({ round, isNewest, trained, run, commands }: TrainingBarProps): ReactNode {
  const stage = round.stages.find((one) => one.stage === "train");
  const isOpen = isNewest && stage !== undefined && stage.state !== "done";
  return (
    <header className="top">
      <h1>{text.title}</h1>
      {run !== undefined && <span className="crumb">{crumbOf(run)}</span>}
      <div className="actions">
        {trained.length > 1 && <RoundChoice open={round.number} trained={trained} />}
        {run !== undefined && isOpen && round.isRunning && stage.state === "running" && <StopWithBest run={run} hasSteps={stage.unitsDone > 0} />}
        {isOpen && round.isRunning && (
          <Button className="btn" busy={stage.isPauseRequested || commands.isPausing} doing={text.pausing} onClick={commands.pause}>
            <PauseIcon />
            {text.pause}
          </Button>
        )}
        {isOpen && !round.isRunning && (
          <Button className="btn primary" busy={commands.isStarting} doing={text.starting} onClick={commands.resume}>
            <Play className="icon" aria-hidden="true" /> {stage.state === "failed" ? text.tryAgain : text.goOn}
          </Button>
        )}
      </div>
    </header>
  );
}

function crumbOf({ round, loss, adapterRank, pairs, droppedPairs, heldOutPairs }: TrainingRunView): string {
  const settings = text.crumb(round, loss.kind, "beta" in loss ? text.beta(loss.beta) : "", adapterRank);
  const dropped = droppedPairs === 0 ? "" : text.dropped(count(droppedPairs));
  const heldOut = heldOutPairs === 0 ? "" : text.heldOutPairs(count(heldOutPairs));
  return `${settings}${pairs === null ? "" : text.pairs(pairs)}${dropped}${heldOut}`;
}

function RoundChoice({ open, trained }: { readonly open: number; readonly trained: readonly RoundView[] }): ReactNode {
  const navigate = useNavigate();
  return (
    <select
      className="select"
      aria-label={text.chooseRound}
      value={open}
      onChange={(event) => {
        void navigate({ to: "/training", search: { round: Number(event.currentTarget.value) } });
      }}
    >
      {trained.toReversed().map((round) => (
        <option key={round.number} value={round.number}>
          {text.roundOption(round.number)}
        </option>
      ))}
    </select>
  );
}

function StopWithBest({ run, hasSteps }: { readonly run: TrainingRunView; readonly hasSteps: boolean }): ReactNode {
  const { queries } = useLab();
  const [isAsking, setIsAsking] = useState(false);
  const stop = useMutation(queries.training.stopWithBest.mutationOptions());
  const isPending = run.isStopRequested || stop.isPending;
  const ask = (): void => {
    setIsAsking(true);
  };
  useActions(text.title, isPending || !hasSteps ? [] : [{ id: "training.stopWithBest", label: text.stop.button, run: ask }]);
  return (
    <>
      {stop.isError && <span className="failure small-text">{sentenceOf(stop.error)}</span>}
      <Button className="btn" busy={isPending} doing={text.stop.pending} why={!hasSteps && text.stop.noSteps} onClick={ask}>
        {text.stop.button}
      </Button>
      <StopTrainingDialog
        run={run}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          setIsAsking(false);
          stop.mutate({ round: run.round });
        }}
      />
    </>
  );
}
