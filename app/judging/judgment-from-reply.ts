/** An oracle's reply to one presentation, turned into stored order; a failure never becomes a side. */
import { DataError } from "#app/base/errors.ts";
import type { AskId, ResponseId } from "#app/base/ids.ts";
import { inStoredOrder, type Judgment, type Score } from "#app/domain/ask.ts";
import { swapVerdict, type Verdict } from "#app/domain/verdict.ts";
import { judgeWords } from "#app/text/judges.ts";

/** What a pairwise reply says, of the responses as shown. */
export type ShownReply = {
  readonly verdict: Verdict | null;
  /** P(first shown is preferred). */
  readonly probability: number | null;
};

export type StoredVerdict = Pick<Judgment, "firstId" | "secondId" | "verdict" | "probability">;

/**
 * The verdict of a reply in stored order. No verdict, or a probability outside [0, 1], is recorded as invalid with the
 * reason. Throws DataError unless two different responses were shown.
 */
export function judgmentFromReply(shown: readonly ResponseId[], reply: ShownReply): StoredVerdict {
  const [shownFirst, shownSecond] = shown;
  if (shown.length !== 2 || shownFirst === undefined || shownSecond === undefined || shownFirst === shownSecond) {
    throw new DataError(judgeWords.notTwoResponses(JSON.stringify(shown)));
  }
  const { firstId, secondId, isSwapped } = inStoredOrder(shownFirst, shownSecond);
  const { verdict, probability } = checked(reply);
  return {
    firstId,
    secondId,
    verdict: isSwapped ? swapVerdict(verdict) : verdict,
    probability: probability !== null && isSwapped ? 1 - probability : probability,
  };
}

function checked(reply: ShownReply): { readonly verdict: Verdict; readonly probability: number | null } {
  if (reply.verdict === null) return { verdict: { kind: "invalid", reason: judgeWords.noVerdict }, probability: null };
  if (reply.probability !== null && !(reply.probability >= 0 && reply.probability <= 1)) {
    const reason = judgeWords.badProbability(reply.probability);
    return { verdict: { kind: "invalid", reason }, probability: null };
  }
  const isAnswer = reply.verdict.kind !== "abstains" && reply.verdict.kind !== "invalid";
  return { verdict: reply.verdict, probability: isAnswer ? reply.probability : null };
}

/** A stored judgment's verdict as it was shown: the way back, for undo and for the ledger. */
export function verdictAsShown(judgment: Pick<Judgment, "firstId" | "verdict">, shown: readonly ResponseId[]): Verdict {
  return shown[0] === judgment.firstId ? judgment.verdict : swapVerdict(judgment.verdict);
}

/** The highest score of the paper's additive rubric. */
export const MAX_SCORE = 6;

/** A listwise reply as scores, or the reason why it is unusable: one integer from 0 to 6 for each response shown. */
export function scoresFromReply(askId: AskId, shown: readonly ResponseId[], scores: readonly number[] | null): readonly Score[] | string {
  if (scores === null) return judgeWords.noScores;
  if (scores.length !== shown.length) return judgeWords.scoreCount(shown.length, scores.length);
  const bad = scores.find((score) => !Number.isInteger(score) || score < 0 || score > MAX_SCORE);
  if (bad !== undefined) return judgeWords.badScore(MAX_SCORE, bad);
  return shown.map((responseId, i) => ({ askId, responseId, score: scores[i] ?? 0 }));
}
