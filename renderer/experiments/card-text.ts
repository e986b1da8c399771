/** How an experiment on the list stands, in a few words. */
import type { ExperimentCard, RoundCard } from "#app/contract/host.ts";
import { experimentText as text } from "../text/experiments.ts";

type StageCard = RoundCard["stages"][number];

/** "Round 4, judging: 3,318 of 6,000"; a run that no host carries on is called interrupted. */
export function nowText(card: ExperimentCard): string {
  const round = card.lastRound;
  if (round === null) return text.notStarted(card.promptCount, card.policy);
  const stage = round.stages.find((one) => one.state !== "done");
  return text.roundNow(round.number, round.isDone || stage === undefined ? text.states.done : stageText(stage, card.isOpen));
}

function stageText(stage: StageCard, isOpen: boolean): string {
  const doing = text.doing[stage.stage];
  if (stage.waitsForPeople) return text.states.people(Math.max(0, (stage.unitsTotal ?? 0) - stage.unitsDone));
  switch (stage.state) {
    case "running":
      return isOpen ? text.states.running(doing, text.progress(stage.unitsDone, stage.unitsTotal, stage.unit)) : text.states.interrupted(doing);
    case "paused":
      return text.states.paused(doing);
    case "failed":
      return text.states.failed(doing);
    case "queued":
    case "waiting":
    case "superseded":
    case "done":
      return text.states.before(doing);
    default:
      return stage.state satisfies never;
  }
}

/** How much of each stage of the last round is done, from 0 to 1; nothing for a round that is done or not begun. */
export function stageShares(card: ExperimentCard): readonly number[] {
  if (card.lastRound === null || card.lastRound.isDone) return [];
  return card.lastRound.stages.map(({ state, unitsDone, unitsTotal }) => {
    if (state === "done") return 1;
    return unitsTotal === null || unitsTotal === 0 ? 0 : Math.min(1, unitsDone / unitsTotal);
  });
}
