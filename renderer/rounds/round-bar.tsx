/** The top bar of the rounds: which round is open, how it stands, and the one thing to do next. */
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronDown, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ExperimentView, RoundView } from "#app/contract/views.ts";
import type { Stage } from "#app/domain/round.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { PauseIcon, SidesIcon } from "../design/icons.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { roundsText } from "../text/rounds.ts";
import { RedoDialog } from "./redo-dialog.tsx";
import { mainAction, redoableStages } from "./round-actions.ts";
import { roundText, STAGE_NAMES } from "./stage-text.ts";
import { StopDialog } from "./stop-dialog.tsx";
import type { RoundCommands } from "./use-round-commands.ts";

const text = roundsText;
const stopText = text.stop;

export type RoundBarProps = {
  readonly experiment: ExperimentView;
  readonly rounds: readonly RoundView[];
  readonly open: RoundView | undefined;
  readonly commands: RoundCommands;
};

export function RoundBar({ experiment, rounds, open, commands }: RoundBarProps): ReactNode {
  const newest = rounds.at(-1);
  const isNewest = open === newest;
  return (
    <header className="top">
      <h1>{open === undefined ? text.title : text.round(open.number)}</h1>
      {open !== undefined && <span className="crumb">{text.from(open.policy, roundText(open))}</span>}
      <div className="actions">
        {isNewest && open?.isRunning === true && <StopButton round={open} commands={commands} />}
        {isNewest && open !== undefined && <RedoMenu round={open} commands={commands} />}
        {isNewest && open !== undefined && <MainButton experiment={experiment} rounds={rounds} commands={commands} />}
        {!isNewest && newest !== undefined && (
          <Link className="btn" to="/rounds" search={{}} activeProps={{}}>
            {text.goTo(newest.number)}
          </Link>
        )}
      </div>
    </header>
  );
}

type CommandProps = { readonly commands: RoundCommands };

function MainButton({ experiment, rounds, commands }: CommandProps & Pick<RoundBarProps, "experiment" | "rounds">): ReactNode {
  const action = mainAction(experiment, rounds);
  // The next round is started where it says what it takes.
  if (action.kind === "start" && rounds.at(-1)?.isDone !== false) return null;
  switch (action.kind) {
    case "none":
      return null;
    case "judge":
      return (
        <Link className="btn primary" to="/annotate">
          <SidesIcon /> {text.judge(action.comparisons)}
        </Link>
      );
    case "pause": {
      const isPausing = action.isPending || commands.isPausing;
      return (
        <Button className="btn" busy={isPausing} doing={text.pausing} onClick={commands.pause}>
          <PauseIcon />
          {text.pause}
        </Button>
      );
    }
    case "start":
    case "resume":
      return (
        <Button
          className="btn primary"
          busy={commands.isStarting}
          doing={text.next.starting}
          onClick={action.kind === "start" ? commands.start : commands.resume}
        >
          <Play className="icon" aria-hidden="true" />
          {action.label}
        </Button>
      );
    default:
      return action satisfies never;
  }
}

function StopButton({ round, commands }: CommandProps & { readonly round: RoundView }): ReactNode {
  const { queries } = useLab();
  const [isAsking, setIsAsking] = useState(false);
  const ask = (): void => {
    setIsAsking(true);
  };
  useActions(text.title, commands.isStopping ? [] : [{ id: "rounds.stop", label: stopText.confirm, run: ask }]);
  const run = useQuery({ ...queries.training.run.queryOptions({ input: { round: round.number } }), enabled: isAsking });
  return (
    <>
      <Button className="btn quiet danger" busy={commands.isStopping} doing={stopText.stopping} onClick={ask}>
        {stopText.button}
      </Button>
      <StopDialog
        round={round}
        checkpointStep={run.data?.checkpoints.at(-1)?.step ?? 0}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          setIsAsking(false);
          commands.stop();
        }}
      />
    </>
  );
}

function RedoMenu({ round, commands }: CommandProps & { readonly round: RoundView }): ReactNode {
  const [stage, setStage] = useState<Stage | null>(null);
  const stages = redoableStages(round);
  useActions(
    text.title,
    round.isRunning
      ? []
      : stages.map((one) => ({
          id: `rounds.redo.${one.stage}`,
          label: text.redo.title(STAGE_NAMES[one.stage].toLowerCase()),
          run: () => {
            setStage(one.stage);
          },
        })),
  );
  if (stages.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} classNames={{ dropdown: "menu", item: "menu-item" }}>
        <Menu.Target>
          <Button className="btn quiet" why={round.isRunning && text.redo.pauseFirst}>
            {text.redo.menu} <ChevronDown className="icon small" aria-hidden="true" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {stages.map((one) => (
            <Menu.Item
              key={one.stage}
              onClick={() => {
                setStage(one.stage);
              }}
            >
              {STAGE_NAMES[one.stage]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <RedoDialog
        round={round}
        stage={stage}
        onClose={() => {
          setStage(null);
        }}
        onConfirm={(confirmed) => {
          setStage(null);
          commands.redo(confirmed);
        }}
      />
    </>
  );
}
