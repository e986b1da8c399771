/** Whether a score could explain the verdicts on answers to one prompt, or whether they run in circles beyond that. */
import { type ClusteredShare, clusteredShare } from "./clustered-share.ts";
import type { CircleCounts } from "./count-circles.kernel.ts";
import { MIN_PROMPTS } from "./recommendation.ts";

/** The most that verdicts of a score come to, whatever the score and its noise; docs/math.md derives both. */
export const MOST_CIRCULAR = 1 / 4;
export const MOST_DRAWN_IN = 3 / 4;

export type AnswerCircles = {
  /**
   * noScore: a share's interval lies above what any score explains. scorePossible: there are circles, no more than noise
   * makes. none: no circle. tooFew: fewer than `MIN_PROMPTS` prompts. unmeasured: no triple was decided.
   */
  readonly verdict: "noScore" | "scorePossible" | "none" | "tooFew" | "unmeasured";
  /** Triples of answers that run in a circle. */
  readonly circular: ClusteredShare;
  /** Circles with a fourth answer that neither beats nor loses to all three. */
  readonly drawnIn: ClusteredShare;
};

/** From the counts of each prompt, once a prompt; both intervals hold together (Bonferroni) where both are measured. */
export function answerCircles(prompts: readonly CircleCounts[], confidence: number): AnswerCircles {
  const triples = prompts.map((one) => ({ cases: one.triples, ofKind: one.circular }));
  const fourths = prompts.map((one) => ({ cases: one.fourths, ofKind: one.drawnIn }));
  const each = fourths.some(({ cases }) => cases > 0) ? 1 - (1 - confidence) / 2 : confidence;
  const [circular, drawnIn] = [clusteredShare(triples, each), clusteredShare(fourths, each)];
  return { verdict: verdictOf(circular, drawnIn), circular, drawnIn };
}

function verdictOf(circular: ClusteredShare, drawnIn: ClusteredShare): AnswerCircles["verdict"] {
  if (circular.cases === 0) return "unmeasured";
  if (isAbove(circular, MOST_CIRCULAR) || isAbove(drawnIn, MOST_DRAWN_IN)) return "noScore";
  if (circular.clusters < MIN_PROMPTS) return "tooFew";
  return circular.ofKind === 0 ? "none" : "scorePossible";
}

function isAbove({ low, clusters }: ClusteredShare, limit: number): boolean {
  return clusters >= MIN_PROMPTS && low > limit;
}
