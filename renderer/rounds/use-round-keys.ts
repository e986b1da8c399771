/** The keys of Rounds: start the next one, pause or go on, open the stage that is under way. */
import { useNavigate } from "@tanstack/react-router";
import type { ExperimentView, RoundView } from "#app/contract/views.ts";
import { useKeyedCommands } from "../commands/use-keyed-commands.ts";
import { commandText } from "../text/commands.ts";
import { mainAction } from "./round-actions.ts";
import { currentStage } from "./stage-text.ts";
import type { RoundCommands } from "./use-round-commands.ts";

const KEYS = ["nextRound", "pauseRound", "liveStage"] as const;

/** A key does nothing where its button would not be there. */
export function useRoundKeys(experiment: ExperimentView | null | undefined, rounds: readonly RoundView[] | undefined, commands: RoundCommands): void {
  const navigate = useNavigate();
  const newest = rounds?.at(-1);
  const action = experiment == null || rounds === undefined ? undefined : mainAction(experiment, rounds);
  const isFree = !commands.isStarting && !commands.isPausing;
  useKeyedCommands(KEYS, commandText.groups.page, {
    nextRound: () => {
      if (isFree && action?.kind === "start" && newest?.isDone !== false) commands.start();
    },
    pauseRound: () => {
      if (!isFree) return;
      if (action?.kind === "pause" && !action.isPending) commands.pause();
      else if (action?.kind === "resume") commands.resume();
    },
    liveStage: () => {
      const stage = newest === undefined || newest.isDone ? undefined : currentStage(newest);
      if (stage?.waitsForPeople === true) void navigate({ to: "/annotate" });
      else if (stage?.stage === "train") void navigate({ to: "/training" });
      else if (newest !== undefined) void navigate({ to: "/rounds", search: { round: newest.number } });
    },
  });
}
