/** What circles among answers come to, in one sentence that every host says alike. */
import { type AnswerCircles, MOST_CIRCULAR, MOST_DRAWN_IN } from "./answer-circles.ts";
import type { ClusteredShare } from "./clustered-share.ts";

/** `isListwise`: answers were scored side by side, never compared by twos. */
export function circlesSentence(circles: AnswerCircles, isListwise: boolean): string {
  const { verdict, circular, drawnIn } = circles;
  const triples = `${circular.cases} ${circular.cases === 1 ? "triple" : "triples"} of answers to one prompt`;
  const lead = `In ${circular.ofKind} of ${triples} the verdicts run in a circle`;
  switch (verdict) {
    case "noScore":
      return circular.low > MOST_CIRCULAR
        ? `${lead} (${range(circular)}). No score explains more than ${percent(MOST_CIRCULAR)} %, so none explains them.`
        : `${lead} (${range(circular)}), and in ${drawnIn.ofKind} of ${drawnIn.cases} cases a fourth answer is drawn into the circle instead of beating, or losing to, all three (${range(drawnIn)}). No score explains more than ${percent(MOST_DRAWN_IN)} %, so none explains them.`;
    case "scorePossible":
      return `${lead} (${range(circular)}), no more than one score with noise explains.`;
    case "none":
      return `None of ${triples} runs in a circle.`;
    case "tooFew":
      return `${lead}; that is of ${circular.clusters} ${circular.clusters === 1 ? "prompt" : "prompts"}, too few to say more.`;
    case "unmeasured":
      return isListwise
        ? "Scores given side by side put answers in one order, so they cannot run in a circle and nothing is counted."
        : "No three answers to one prompt were all compared and decided, so circles among answers cannot be told.";
    default:
      return verdict satisfies never;
  }
}

function range({ share, low, high }: ClusteredShare): string {
  return `${percent(share)} %, ${percent(low)}–${percent(high)}`;
}

/** One decimal, unless it is a whole number of per cent. */
function percent(share: number): string {
  return (100 * share).toFixed(1).replace(/\.0$/u, "");
}
