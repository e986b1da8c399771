/** What circles among answers come to, in one sentence that every host says alike. */
import { circleWords } from "#app/text/circles.ts";
import { type AnswerCircles, MOST_CIRCULAR, MOST_DRAWN_IN } from "./answer-circles.ts";

/** `isListwise`: answers were scored side by side, never compared by twos. */
export function circlesSentence({ verdict, circular, drawnIn }: AnswerCircles, isListwise: boolean): string {
  switch (verdict) {
    case "noScore":
      return circular.low > MOST_CIRCULAR
        ? circleWords.noScore(circular, MOST_CIRCULAR)
        : circleWords.noScoreByFourths(circular, drawnIn, MOST_DRAWN_IN);
    case "scorePossible":
      return circleWords.scorePossible(circular);
    case "none":
      return circleWords.none(circular);
    case "tooFew":
      return circleWords.tooFew(circular, circular.clusters);
    case "unmeasured":
      return isListwise ? circleWords.listwise : circleWords.unmeasured;
    default:
      return verdict satisfies never;
  }
}
