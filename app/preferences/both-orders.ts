/** Both orders of a comparison as one outcome: what agrees stands, what disagrees is a tie (MT-Bench's rule). */
import type { ResponseId } from "#app/base/ids.ts";
import { pointsForFirst, type Verdict } from "#app/domain/verdict.ts";
import type { JudgedComparison, JudgmentCounts } from "./judged-comparison.ts";

export type Outcome = {
  /** P(the row's response is preferred), ties one half. */
  readonly probability: number;
  readonly isBothBad: boolean;
};

/** One judgment seen from the row's response. */
type Answer = {
  readonly isRowShownFirst: boolean;
  /** Undefined if the oracle abstained or its answer was invalid. */
  readonly points: number | undefined;
  readonly probability: number | null;
  readonly verdict: Verdict;
  readonly isCorrection: boolean;
};

export type ComparisonResult = { readonly outcomes: readonly Outcome[]; readonly counts: JudgmentCounts };

/**
 * The outcomes of all judgments of two responses. Within one oracle and author the k-th usable answer with the row's
 * response shown first joins the k-th with it shown second, so an answer that was asked for again after a failure takes
 * the failure's place. A usable answer whose partner abstained or was invalid is dropped, as one order alone would
 * bring the position bias back. Answers that were never asked for in the other order count alone unless
 * `requireBothOrders`; a person's correction of one order always counts, and the order beside it, alone now, does not.
 */
export function outcomesOfComparison(
  judgments: readonly JudgedComparison[],
  isRow: (id: ResponseId) => boolean,
  requireBothOrders: boolean,
): ComparisonResult {
  const outcomes: Outcome[] = [];
  let [bothOrders, flipped] = [0, 0];
  const byOracle = Map.groupBy([...judgments].sort(byId), (judgment) => `${judgment.oracleId} ${judgment.authorId}`);
  for (const group of byOracle.values()) {
    const answers = group.map((judgment) => toAnswer(judgment, isRow));
    const first = inOrder(answers, true);
    const second = inOrder(answers, false);
    const joined = Math.min(first.usable.length, second.usable.length);
    for (let k = 0; k < joined; k++) {
      const [a, b] = [first.usable[k], second.usable[k]];
      if (a === undefined || b === undefined) continue;
      const isFlipped = a.points !== b.points;
      bothOrders += 1;
      flipped += isFlipped ? 1 : 0;
      outcomes.push(joinOrders(a, b));
    }
    // At most one of the two orders has usable answers left; failures of the other one each take one along.
    const left = [...first.usable.slice(joined + second.unusable), ...second.usable.slice(joined + first.unusable)];
    outcomes.push(...left.filter((answer) => !requireBothOrders || answer.isCorrection).map(outcomeOf));
  }
  const usable = judgments.filter((judgment) => pointsForFirst(judgment.verdict) !== undefined).length;
  return {
    outcomes,
    counts: {
      usable,
      unusable: judgments.length - usable,
      bothOrders,
      flipped,
      ties: outcomes.filter((outcome) => outcome.probability === 0.5 && !outcome.isBothBad).length,
      bothBad: outcomes.filter((outcome) => outcome.isBothBad).length,
    },
  };
}

function byId(a: JudgedComparison, b: JudgedComparison): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function toAnswer(judgment: JudgedComparison, isRow: (id: ResponseId) => boolean): Answer {
  const isRowFirst = isRow(judgment.firstId);
  const points = pointsForFirst(judgment.verdict);
  const shown = judgment.shown.find((id) => id === judgment.firstId || id === judgment.secondId);
  return {
    isRowShownFirst: shown === undefined ? isRowFirst : isRow(shown),
    points: points === undefined || isRowFirst ? points : 1 - points,
    probability: judgment.probability === null || isRowFirst ? judgment.probability : 1 - judgment.probability,
    verdict: judgment.verdict,
    isCorrection: judgment.isCorrection === true,
  };
}

type UsableAnswer = Answer & { readonly points: number };

/** The usable answers of one order, and how many were not. */
function inOrder(answers: readonly Answer[], isRowShownFirst: boolean): { readonly usable: readonly UsableAnswer[]; readonly unusable: number } {
  const ofOrder = answers.filter((answer) => answer.isRowShownFirst === isRowShownFirst);
  const usable = ofOrder.flatMap((answer) => (answer.points === undefined ? [] : [{ ...answer, points: answer.points }]));
  return { usable, unusable: ofOrder.length - usable.length };
}

/** One answer as an outcome; its probability where the oracle gave one, else 1, 1/2 or 0. */
function outcomeOf(answer: UsableAnswer): Outcome {
  const isBothBad = answer.verdict.kind === "bothBad";
  return { probability: isBothBad ? 0.5 : (answer.probability ?? answer.points), isBothBad };
}

/**
 * Probabilities are averaged (method: p = [p(A first) + 1 - p(B first)] / 2); verdicts without probabilities stand
 * where they agree and are a tie where they do not.
 */
function joinOrders(a: UsableAnswer, b: UsableAnswer): Outcome {
  const isBothBad = a.verdict.kind === "bothBad" && b.verdict.kind === "bothBad";
  if (a.probability !== null && b.probability !== null && !isBothBad) {
    return { probability: (a.probability + b.probability) / 2, isBothBad };
  }
  return { probability: a.points === b.points ? a.points : 0.5, isBothBad };
}
