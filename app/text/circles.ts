/** What the lab says of verdicts that run in circles, and of policies that go round (app/statistics decides). */
import { count, counted, shortPercent } from "./language.ts";
import { nouns } from "./nouns.ts";

type Share = { readonly ofKind: number; readonly cases: number; readonly share: number; readonly low: number; readonly high: number };

function range({ share, low, high }: Share): string {
  return `${shortPercent(share)} %, ${shortPercent(low)}–${shortPercent(high)}`;
}

/** With which its sentences begin: "157 of 600". */
function figure({ ofKind, cases }: Pick<Share, "ofKind" | "cases">): string {
  return `${count(ofKind)} of ${count(cases)}`;
}

function triples(cases: number): string {
  return `${counted(cases, nouns.triples)} of answers to one prompt`;
}

function lead({ ofKind, cases }: Share): string {
  return `In ${count(ofKind)} of ${triples(cases)} the verdicts run in a circle`;
}

export const circleWords = {
  figure,
  /** `limit`: the largest share that a score explains. */
  noScore: (circular: Share, limit: number) =>
    `${lead(circular)} (${range(circular)}). No score explains more than ${shortPercent(limit)} %, so none explains them.`,
  noScoreByFourths: (circular: Share, drawnIn: Share, limit: number) =>
    `${lead(circular)} (${range(circular)}), and in ${figure(drawnIn)} cases a fourth answer is drawn into the circle instead of beating, or losing to, all three (${range(drawnIn)}). No score explains more than ${shortPercent(limit)} %, so none explains them.`,
  scorePossible: (circular: Share) => `${lead(circular)} (${range(circular)}), no more than one score with noise explains.`,
  none: (circular: Share) => `None of ${triples(circular.cases)} runs in a circle.`,
  tooFew: (circular: Share, prompts: number) => `${lead(circular)}; that is of ${counted(prompts, nouns.prompts)}, too few to say more.`,
  listwise: "Scores given side by side put answers in one order, so they cannot run in a circle and nothing is counted.",
  unmeasured: "No three answers to one prompt were all compared and decided, so circles among answers cannot be told.",
};
