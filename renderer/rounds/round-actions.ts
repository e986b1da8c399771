/** What can be done with the newest round as it stands. */
import type { ExperimentView, RoundView, StageView } from "#app/contract/views.ts";
import type { Stage } from "#app/domain/round.ts";
import { roundsText } from "../text/rounds.ts";
import { comparisonsForPeople, currentStage, moodOf } from "./stage-text.ts";

export type MainAction =
  | { readonly kind: "start"; readonly label: string }
  | { readonly kind: "resume"; readonly label: string }
  | { readonly kind: "pause"; readonly isPending: boolean }
  | { readonly kind: "judge"; readonly comparisons: number }
  /** Nothing can be started; `lacks` says what is missing. */
  | { readonly kind: "none"; readonly lacks: "policy" | "prompts" };

export function mainAction(experiment: ExperimentView, rounds: readonly RoundView[]): MainAction {
  const round = rounds.at(-1);
  if (round === undefined || round.isDone) {
    if (experiment.policies.length === 0) return { kind: "none", lacks: "policy" };
    if (experiment.prompts.training === 0) return { kind: "none", lacks: "prompts" };
    return { kind: "start", label: roundsText.next.start((round?.number ?? 0) + 1) };
  }
  const stage = currentStage(round);
  if (stage?.waitsForPeople === true) return { kind: "judge", comparisons: comparisonsForPeople(rounds) };
  if (round.isRunning) return { kind: "pause", isPending: stage?.isPauseRequested === true };
  const mood = stage === undefined ? "waiting" : moodOf(stage, false);
  if (mood === "failed") return { kind: "resume", label: roundsText.tryAgain };
  return mood === "resting" ? { kind: "resume", label: roundsText.goOn } : { kind: "start", label: roundsText.goOn };
}

/** Stages of the newest round that have been run and may be run anew. */
export function redoableStages(round: RoundView): readonly StageView[] {
  return round.stages.filter((stage) => stage.attemptId !== null);
}

/** The stages that run anew if this one does, with their names in order: it, and those after it that have begun. */
export function stagesRedone(round: RoundView, from: Stage): readonly Stage[] {
  const first = round.stages.findIndex((stage) => stage.stage === from);
  return round.stages
    .slice(Math.max(0, first))
    .filter((stage) => stage.attemptId !== null)
    .map((stage) => stage.stage);
}
