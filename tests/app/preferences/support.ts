/** Candidates, responses and judgments for the tests of the preferences room. */
import type { AskId, AuthorId, JudgmentId, OracleId, ResponseId } from "#app/base/ids.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { swapVerdict } from "#app/domain/verdict.ts";
import type { Candidate, CandidateSource } from "#app/preferences/candidates.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";

/** Ids in tests are short words. */
export const responseId = (text: string): ResponseId => text as ResponseId;

export function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return {
    id: responseId(id),
    memberIds: [responseId(id)],
    text: `text of ${id}`,
    count: 1,
    ownCount: more.isTeacher === true ? 0 : 1,
    isTeacher: false,
    isDefective: false,
    ...more,
  };
}

export function source(id: string, text: string, more: Partial<CandidateSource> = {}): CandidateSource {
  return { id: responseId(id), source: "policy", sampleIndex: 0, text, finishReason: "endOfText", isRepetitive: false, ...more };
}

export const firstWins: Verdict = { kind: "prefers", winner: "first", strength: "clear" };
export const secondWins: Verdict = { kind: "prefers", winner: "second", strength: "clear" };
export const tie: Verdict = { kind: "tie" };

let judgmentCount = 0;

/** A judgment of two responses as shown (`shownVerdict` is of the shown order); recorded in stored order. */
export function judged(
  shownFirst: string,
  shownSecond: string,
  shownVerdict: Verdict,
  more: { readonly probability?: number; readonly oracle?: string; readonly author?: string; readonly criterion?: string } = {},
): JudgedComparison {
  judgmentCount += 1;
  const isSwapped = shownFirst > shownSecond;
  const probability = more.probability ?? null;
  const id = `j${String(judgmentCount).padStart(6, "0")}`;
  return {
    id: id as JudgmentId,
    askId: `ask of ${id}` as AskId,
    authorId: (more.author ?? "lab") as AuthorId,
    oracleId: (more.oracle ?? "oracle") as OracleId,
    shown: [responseId(shownFirst), responseId(shownSecond)],
    firstId: responseId(isSwapped ? shownSecond : shownFirst),
    secondId: responseId(isSwapped ? shownFirst : shownSecond),
    verdict: isSwapped ? swapVerdict(shownVerdict) : shownVerdict,
    probability: probability === null || !isSwapped ? probability : 1 - probability,
    criterion: more.criterion ?? null,
  };
}

/** Both orders of one comparison with answers that agree: `winner` is preferred. */
export function bothOrders(winner: string, loser: string): JudgedComparison[] {
  return [judged(winner, loser, firstWins), judged(loser, winner, secondWins)];
}
