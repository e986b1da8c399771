/** What is told of a lab to a person who looks elsewhere: the tray, the taskbar, notifications. */
import { plural } from "./language.ts";

const doings = { sample: "sampling", judge: "judging", pair: "pairing", train: "training", evaluate: "evaluating" };
type Stage = keyof typeof doings;

export const activityWords = {
  /** "Haiku: round 3, training". */
  line: (experiment: string, round: number, stage: Stage | undefined) =>
    `${experiment}: round ${round}${stage === undefined ? "" : `, ${doings[stage]}`}`,
  comparing: (experiment: string) => `${experiment}: comparing policies`,
  done: (experiment: string, round: number) => `${experiment}: round ${round} is done`,
  stopped: (experiment: string, round: number, stage: Stage) => `${experiment}: round ${round} stopped in ${doings[stage]}`,
  peoplesTurn: (experiment: string) => `${experiment}: people’s turn`,
  waiting: (comparisons: number, round: number) =>
    `${comparisons} ${plural(comparisons, { one: "comparison waits", other: "comparisons wait" })} in round ${round}.`,
};
